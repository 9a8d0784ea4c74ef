/** The admin API of mockocr and its scenarios. Made by scripts/make-node-types: do not edit. */

export interface AccountList {
  accounts: AccountView[];
}

/** Settings for the accounts that the scenario is active for, unless they set their own. */
export interface AccountSettingsSpec {
  state?: "ok" | "unopened" | "arrears" | "charge_exception";
  package?: number;
  rate?: number;
}

/** A new account. Without keys, it gets a generated pair. Without a name, it gets that of its
 * first SecretId, or a generated one. */
export interface AccountSpec {
  keys?: KeyPairSpec[];
  tokens?: string[];
  state?: "ok" | "unopened" | "arrears" | "charge_exception" | null;
  package?: number | null;
  rate?: number | null;
  allow?: string[] | null;
  seed?: number | null;
  contract?: string | null;
  clock?: ClockSpec | null;
  scenarios?: (string | Scenario)[];
  name?: string | null;
}

/** Changes to an account. Members that are not sent stay as they are. */
export interface AccountUpdateSpec {
  keys?: KeyPairSpec[];
  tokens?: string[];
  state?: "ok" | "unopened" | "arrears" | "charge_exception" | null;
  package?: number | null;
  rate?: number | null;
  allow?: string[] | null;
  seed?: number | null;
  contract?: string | null;
  clock?: ClockSpec | null;
  scenarios?: (string | Scenario)[];
}

/** An account, with the values in effect: its own, else a scenario's, else the server's. */
export interface AccountView {
  name: string;
  keys: KeyView[];
  /** If there are any, every call must send one of them. */
  tokens: string[];
  state: "ok" | "unopened" | "arrears" | "charge_exception";
  /** Calls left in the resource package; null: unlimited. */
  package: number | null;
  /** Calls per second allowed for each action; 0 = no limit. */
  rate: number;
  /** The actions that CAM allows; null: all. */
  allow: string[] | null;
  seed: number;
  contract: string;
  clock: ClockView;
  /** The names of its own scenarios, in order of precedence. */
  scenarios: string[];
}

export interface ActionParameters {
  action: string;
  version: string;
  /** The day of the contract. */
  contract: string;
  /** The regions that a call may name. */
  regions: string[];
  /** Those of all contracts. */
  parameters: ParameterView[];
}

export interface BoundsSpec {
  at_least?: number;
  at_most?: number;
}

/** The whole record of a call; secrets are masked. */
export interface CallDetails {
  RequestId: string;
  /** ISO 8601, UTC. */
  time: string;
  account: string | null;
  action: string | null;
  /** ok, an error code, fault:NAME or http:STATUS. */
  outcome: string;
  /** The cause of a failed signature, by name. */
  cause: string | null;
  /** Why the call was refused; null if it succeeded, or if a scenario refused it. */
  reason: ReasonView | null;
  /** CardSide, as it was sent. */
  side: string | null;
  /** Notes on parameters and flags without effect, and on data that was left out. */
  notes: NoteView[];
  /** The rule or chaos entry that decided the outcome. */
  rule: string | null;
  /** The scenario of that rule or entry. */
  scenario: string | null;
  /** Whether the call reached the rules and matched none. */
  unmatched: boolean;
  milliseconds: number;
  method: string;
  path: string;
  headers: Record<string, string>;
  body_bytes: number;
  /** With --auth lenient: the error code that strict mode would have answered. */
  unproven: string | null;
  /** Each step as computed by the server; never the key. */
  signature: Signature | null;
  parameters: Record<string, unknown> | null;
  /** How to fix the call. */
  hint: HintView | null;
  delay_seconds: number;
  dribble_seconds: number;
  /** The chaos entry that only delayed the answer. */
  delayed_by: string | null;
  /** The picture, or why it is unusable; null if it was not examined. */
  picture: PictureView | ImageError | null;
  error: ErrorView | null;
  response: Record<string, unknown> | null;
}

export interface CallList {
  /** Newest first. */
  requests: CallSummary[];
  /** The number of matching calls, including those beyond the limit. */
  total: number;
}

/** A call and how it is sent. */
export interface CallSpec {
  /** Its name; default: the only action. */
  action?: string | null;
  /** Default: the action's. */
  version?: string | null;
  parameters?: Record<string, unknown>;
  region?: string;
  /** zh-CN or en-US. */
  language?: string;
  /** Further headers. */
  headers?: Record<string, string>;
  method?: "POST" | "GET";
  signature_method?: "TC3-HMAC-SHA256" | "HmacSHA256" | "HmacSHA1";
  /** Default: http if the server has it. */
  endpoint?: "http" | "https" | null;
  /** Default: the first account. */
  account?: string | null;
}

/** One row of the list of calls. */
export interface CallSummary {
  RequestId: string;
  /** ISO 8601, UTC. */
  time: string;
  account: string | null;
  action: string | null;
  /** ok, an error code, fault:NAME or http:STATUS. */
  outcome: string;
  /** The cause of a failed signature, by name. */
  cause: string | null;
  /** Why the call was refused; null if it succeeded, or if a scenario refused it. */
  reason: ReasonView | null;
  /** CardSide, as it was sent. */
  side: string | null;
  /** Notes on parameters and flags without effect, and on data that was left out. */
  notes: NoteView[];
  /** The rule or chaos entry that decided the outcome. */
  rule: string | null;
  /** The scenario of that rule or entry. */
  scenario: string | null;
  /** Whether the call reached the rules and matched none. */
  unmatched: boolean;
  milliseconds: number;
}

export interface CardCatalogue {
  cards: CardEntry[];
  /** The defects that a new card can have. */
  defects: string[];
  /** The fields that can be set. */
  fields: string[];
}

/** A specimen: `name`, `purpose`, `request` (the parameters that show it), `serve` (the settings
 * of the server), `outcome`, `fields`, `warnings`, as `mockocr card --list --json` prints them. */
export type CardEntry = Record<string, unknown>;

/** Texts of a card; the others are generated to match. */
export interface CardFields {
  Name?: string;
  Sex?: "男" | "女";
  Nation?: string;
  Birth?: string;
  Address?: string;
  IdNum?: string;
  Authority?: string;
  ValidDate?: string;
}

/** A card of an invented person. */
export interface CardSpec {
  side?: "front" | "back" | "both";
  /** The front of a temporary card. */
  temporary?: boolean;
  /** Seed of the invented person. */
  seed?: number;
  /** Fields to set; the others are generated to match. */
  fields?: Record<string, string>;
  /** Defects to draw, each with its strength. */
  defects?: Record<string, number>;
  /** Width and height of the picture in pixels; default: 1200x800 for each card. */
  size?: [number, number] | null;
  format?: "PNG" | "JPEG" | "BMP";
}

/** A card in a picture, without its personal data. */
export interface CardView {
  kind: string;
  /** Its name in the catalogue (docs/cards.md); null if it is not one of those. */
  specimen: string | null;
  /** In pixels of the picture; the card's own top left corner first. */
  corners: [number, number][];
  /** Where the regions are that ReflectDetailInfos names: the corners of each part. `Others` is the
   * rest of the card. */
  regions: Record<string, [number, number][][]>;
  /** Whether both codes were read, so that the corners are exact. */
  exact: boolean;
  /** The defects recorded in its code. */
  defects: string[];
  /** Measured from its pixels: quality, border, reflection, pattern, chroma, covered, edited. Null
   * if no flag of the call needed it. */
  measured: Record<string, MeasuredValue> | null;
}

export interface ChaosEntry {
  /** A documented error code. */
  error?: 
    | "ActionOffline"
    | "AuthFailure.InvalidAuthorization"
    | "AuthFailure.InvalidSecretId"
    | "AuthFailure.MFAFailure"
    | "AuthFailure.SecretIdNotFound"
    | "AuthFailure.SignatureExpire"
    | "AuthFailure.SignatureFailure"
    | "AuthFailure.TokenFailure"
    | "AuthFailure.UnauthorizedOperation"
    | "DryRunOperation"
    | "FailedOperation"
    | "FailedOperation.CardSideError"
    | "FailedOperation.DownLoadError"
    | "FailedOperation.EmptyImageError"
    | "FailedOperation.EngineRecognizeTimeout"
    | "FailedOperation.IdCardInfoIllegal"
    | "FailedOperation.IdCardTooSmall"
    | "FailedOperation.ImageBlur"
    | "FailedOperation.ImageDecodeFailed"
    | "FailedOperation.ImageNoIdCard"
    | "FailedOperation.ImageSizeTooLarge"
    | "FailedOperation.MultiCardError"
    | "FailedOperation.OcrFailed"
    | "FailedOperation.UnKnowError"
    | "FailedOperation.UnOpenError"
    | "FailedOperation.WarningServiceFailed"
    | "InternalError"
    | "InvalidAction"
    | "InvalidParameter"
    | "InvalidParameter.ConfigFormatError"
    | "InvalidParameterValue"
    | "InvalidParameterValue.InvalidParameterValueLimit"
    | "InvalidRequest"
    | "IpInBlacklist"
    | "IpNotInWhitelist"
    | "LimitExceeded"
    | "LimitExceeded.TooLargeFileError"
    | "MissingParameter"
    | "NoSuchProduct"
    | "NoSuchVersion"
    | "RequestLimitExceeded"
    | "RequestLimitExceeded.GlobalRegionUinLimitExceeded"
    | "RequestLimitExceeded.IPLimitExceeded"
    | "RequestLimitExceeded.UinLimitExceeded"
    | "RequestSizeLimitExceeded"
    | "ResourceInUse"
    | "ResourceInsufficient"
    | "ResourceNotFound"
    | "ResourceUnavailable"
    | "ResourceUnavailable.InArrears"
    | "ResourceUnavailable.ResourcePackageRunOut"
    | "ResourcesSoldOut.ChargeStatusException"
    | "ResponseSizeLimitExceeded"
    | "ServiceUnavailable"
    | "UnauthorizedOperation"
    | "UnknownParameter"
    | "UnsupportedOperation"
    | "UnsupportedProtocol"
    | "UnsupportedRegion";
  /** The message of the error, instead of the documented one. */
  message?: string;
  /** A fault of the network or of the reply. */
  fault?: Fault;
  /** A gateway answers with this HTTP status instead of the API. */
  http?: number;
  /** The client waits this long for the answer. */
  delay?: string | UniformDelaySpec | LogNormalDelaySpec;
  /** The answer arrives in pieces, over this time. */
  dribble?: string;
  /** Only calls of this action. Default: the action of the file, or all actions. */
  action?: "IDCardOCR";
  /** Applies to a call with this probability: 0.03 is three calls in a hundred. */
  probability?: number;
  /** Applies to the calls of an account after this many. */
  after_calls?: number;
  /** For this many calls, or this long by the account clock. Default: without end. */
  for?: number | string;
  Name?: string;
  Sex?: string;
  Nation?: string;
  Birth?: string;
  Address?: string;
  IdNum?: string;
  Authority?: string;
  ValidDate?: string;
  /** from_picture: what the picture shows; invented: a generated person; the name of a specimen: as
   * if its picture had been sent; or some fields: the others are generated to match. */
  card?: 
    | "from_picture"
    | "invented"
    | "li-ming"
    | "li-ming-back"
    | "both-sides"
    | "temporary-card"
    | "x-check-digit"
    | "long-term-card"
    | "expired-card"
    | "minority-name"
    | "long-name"
    | "rare-character"
    | "four-line-address"
    | "leap-day-birth"
    | "minor"
    | "number-and-birth-disagree"
    | "low-quality"
    | "warning-invalid-date"
    | "warning-border"
    | "warning-copy"
    | "warning-reshoot"
    | "warning-temporary-id"
    | "warning-occlusion"
    | "warning-tampered"
    | "warning-reflection"
    | "warning-copy-bw"
    | "warning-electronic-id"
    | "warning-watermark" | CardFields;
  /** By name or code; each is returned only if its flag of Config is set. */
  warnings?: (
    | "invalid_date"
    | "border"
    | "copy"
    | "reshoot"
    | "temporary_id"
    | "occlusion"
    | "tampered"
    | "reflection"
    | "copy_bw"
    | "electronic_id"
    | "watermark" | number)[];
  /** Quality, returned with Config.Quality. */
  quality?: number;
  /** BorderCodeValue, returned with Config.BorderCheckWarn. */
  border?: number;
  /** Positions of reflections: they imply the warning `reflection`, and fill ReflectDetailInfos if
   * the call asks for it. */
  reflections?: ("NationalEmblem" | "Portrait" | "RecognitionField" | "Others")[];
  AdvancedInfo?: string;
  ReflectDetailInfos?: ReflectDetailInfo[];
  /** One of these outcomes, by weight. */
  one_of?: Choice[];
}

export interface Choice {
  /** A documented error code. */
  error?: 
    | "ActionOffline"
    | "AuthFailure.InvalidAuthorization"
    | "AuthFailure.InvalidSecretId"
    | "AuthFailure.MFAFailure"
    | "AuthFailure.SecretIdNotFound"
    | "AuthFailure.SignatureExpire"
    | "AuthFailure.SignatureFailure"
    | "AuthFailure.TokenFailure"
    | "AuthFailure.UnauthorizedOperation"
    | "DryRunOperation"
    | "FailedOperation"
    | "FailedOperation.CardSideError"
    | "FailedOperation.DownLoadError"
    | "FailedOperation.EmptyImageError"
    | "FailedOperation.EngineRecognizeTimeout"
    | "FailedOperation.IdCardInfoIllegal"
    | "FailedOperation.IdCardTooSmall"
    | "FailedOperation.ImageBlur"
    | "FailedOperation.ImageDecodeFailed"
    | "FailedOperation.ImageNoIdCard"
    | "FailedOperation.ImageSizeTooLarge"
    | "FailedOperation.MultiCardError"
    | "FailedOperation.OcrFailed"
    | "FailedOperation.UnKnowError"
    | "FailedOperation.UnOpenError"
    | "FailedOperation.WarningServiceFailed"
    | "InternalError"
    | "InvalidAction"
    | "InvalidParameter"
    | "InvalidParameter.ConfigFormatError"
    | "InvalidParameterValue"
    | "InvalidParameterValue.InvalidParameterValueLimit"
    | "InvalidRequest"
    | "IpInBlacklist"
    | "IpNotInWhitelist"
    | "LimitExceeded"
    | "LimitExceeded.TooLargeFileError"
    | "MissingParameter"
    | "NoSuchProduct"
    | "NoSuchVersion"
    | "RequestLimitExceeded"
    | "RequestLimitExceeded.GlobalRegionUinLimitExceeded"
    | "RequestLimitExceeded.IPLimitExceeded"
    | "RequestLimitExceeded.UinLimitExceeded"
    | "RequestSizeLimitExceeded"
    | "ResourceInUse"
    | "ResourceInsufficient"
    | "ResourceNotFound"
    | "ResourceUnavailable"
    | "ResourceUnavailable.InArrears"
    | "ResourceUnavailable.ResourcePackageRunOut"
    | "ResourcesSoldOut.ChargeStatusException"
    | "ResponseSizeLimitExceeded"
    | "ServiceUnavailable"
    | "UnauthorizedOperation"
    | "UnknownParameter"
    | "UnsupportedOperation"
    | "UnsupportedProtocol"
    | "UnsupportedRegion";
  /** The message of the error, instead of the documented one. */
  message?: string;
  /** A fault of the network or of the reply. */
  fault?: Fault;
  /** A gateway answers with this HTTP status instead of the API. */
  http?: number;
  /** The client waits this long for the answer. */
  delay?: string | UniformDelaySpec | LogNormalDelaySpec;
  /** The answer arrives in pieces, over this time. */
  dribble?: string;
  /** How likely this choice is, relative to the others. */
  weight?: number;
  Name?: string;
  Sex?: string;
  Nation?: string;
  Birth?: string;
  Address?: string;
  IdNum?: string;
  Authority?: string;
  ValidDate?: string;
  /** from_picture: what the picture shows; invented: a generated person; the name of a specimen: as
   * if its picture had been sent; or some fields: the others are generated to match. */
  card?: 
    | "from_picture"
    | "invented"
    | "li-ming"
    | "li-ming-back"
    | "both-sides"
    | "temporary-card"
    | "x-check-digit"
    | "long-term-card"
    | "expired-card"
    | "minority-name"
    | "long-name"
    | "rare-character"
    | "four-line-address"
    | "leap-day-birth"
    | "minor"
    | "number-and-birth-disagree"
    | "low-quality"
    | "warning-invalid-date"
    | "warning-border"
    | "warning-copy"
    | "warning-reshoot"
    | "warning-temporary-id"
    | "warning-occlusion"
    | "warning-tampered"
    | "warning-reflection"
    | "warning-copy-bw"
    | "warning-electronic-id"
    | "warning-watermark" | CardFields;
  /** By name or code; each is returned only if its flag of Config is set. */
  warnings?: (
    | "invalid_date"
    | "border"
    | "copy"
    | "reshoot"
    | "temporary_id"
    | "occlusion"
    | "tampered"
    | "reflection"
    | "copy_bw"
    | "electronic_id"
    | "watermark" | number)[];
  /** Quality, returned with Config.Quality. */
  quality?: number;
  /** BorderCodeValue, returned with Config.BorderCheckWarn. */
  border?: number;
  /** Positions of reflections: they imply the warning `reflection`, and fill ReflectDetailInfos if
   * the call asks for it. */
  reflections?: ("NationalEmblem" | "Portrait" | "RecognitionField" | "Others")[];
  AdvancedInfo?: string;
  ReflectDetailInfos?: ReflectDetailInfo[];
}

/** `{"freeze": UNIX seconds or ISO 8601}`, `{"offset": "+400s"}`, or `{}` for real time. */
export interface ClockSpec {
  freeze?: number | string;
  offset?: string;
}

/** A clock; {} is real time. */
export interface ClockView {
  freeze?: number | string | null;
  offset?: string | null;
}

export interface Clocks {
  /** By account name. */
  clocks: Record<string, ClockView>;
}

export interface Code {
  language: string;
  /** The name of a file for it. */
  file: string;
  /** Reads the key pair from the environment, and pictures from files. */
  code: string;
}

export interface Contains {
  /** Found anywhere in the text. */
  contains: string;
}

/** More about a row, in both languages; may be empty. */
export interface CoverageDetail {
  en: string;
  zh: string;
}

/** Which outcomes calls have had. */
export interface CoverageReport {
  /** The version. */
  mockocr: string;
  /** The day of the contract that decides what is possible. */
  contract: string;
  totals: CoverageTotals;
  rows: CoverageRow[];
  /** Outcomes without a row, such as scripted codes that are not documented, with their calls. */
  others: Record<string, number>;
}

/** One outcome that a test suite should see. */
export interface CoverageRow {
  id: string;
  group: 
    | "business"
    | "gateway"
    | "warning"
    | "side"
    | "flag"
    | "shape"
    | "fault"
    | "http"
    | "recovery";
  /** null: every action has it. */
  action: string | null;
  detail: CoverageDetail;
  /** A ready-made scenario with which a call sees it. */
  scenario: string | null;
  /** The line of a pytest test that does the same. */
  respond: string;
  /** What the call must send for it. */
  parameters: Record<string, unknown>;
  /** Whether the contract has it. */
  possible: boolean;
  /** Why it is excluded; null if it is not. */
  reason?: string | null;
  /** Who saw it. */
  sources?: CoverageSource[];
  /** Who set the flag of a warning and had an answer, with or without the warning. */
  asked?: CoverageSource[];
  /** The calls that saw it. */
  calls?: number;
  state?: "seen" | "asked" | "missed" | "impossible" | "excluded";
}

/** The calls of one test, or of one account. */
export interface CoverageSource {
  /** The test, if pytest made the report; else the account. null: no known account. */
  name: string | null;
  calls: number;
  /** When the first of these calls was received; ISO 8601, UTC. */
  first: string;
  last: string;
}

/** The number of rows in each state. */
export interface CoverageTotals {
  seen: number;
  asked: number;
  missed: number;
  impossible: number;
  excluded: number;
  /** Seen rows per hundred that count, rounded down to one decimal. */
  percent: number;
}

export interface Decision {
  /** The rule or chaos entry that decided the outcome. */
  rule: string | null;
  /** The scenario of that rule or entry. */
  scenario: string | null;
  /** In order of precedence. */
  near_misses: NearMiss[];
}

/** A condition that does not hold. */
export interface Difference {
  /** CardSide, Config.TempIdWarn, picture.min_width, header.X-TC-Language ... */
  name: string;
  /** The condition as written: a list of values, or a matcher. */
  expected: unknown;
  /** The value of the call. */
  found: unknown;
}

/** The error of a refused request. */
export interface ErrorReply {
  error: string;
  /** Every error of a scenario. */
  problems?: Problem[];
}

export interface ErrorView {
  Code: string;
  Message: string;
}

/** The expected number of calls by rule name. */
export type ExpectSpec = Record<string, number | BoundsSpec>;

export interface ExpectationView {
  rule: string;
  /** The scenario of the rule; null if several have a rule of this name. */
  scenario: string | null;
  /** The account whose calls were counted; null: all accounts. */
  account: string | null;
  at_least: number;
  /** null: any number. */
  at_most: number | null;
  /** The number of calls it matched. */
  found: number;
  ok: boolean;
}

/** Why a call got its answer. */
export interface Explanation {
  RequestId: string;
  outcome: string;
  /** The requested language: --lang of the server, else Accept-Language, else en. */
  language: "en" | "zh";
  /** The message of the error, as it was sent. */
  message: string | null;
  /** Why the call was refused; null if it succeeded, or if a scenario refused it. */
  reason: ReasonView | null;
  /** The cause of a failed signature, by name. */
  cause: string | null;
  /** Whether the cause is proven: with this mistake, the signature is the one that was sent. */
  proven: boolean;
  /** How to fix the call. */
  hint: HintView | null;
  /** The mistakes that reproduce the signature that was sent, step by step. */
  details: Mistake[];
  /** Of a TC3 signature. */
  steps: StepPair[];
  /** The causes that could not be found, because the body of a saved request is missing. */
  not_tried: string[];
  /** Notes on parameters and flags without effect, and on data that was left out. */
  notes: NoteView[];
  /** Each step as computed by the server; never the key. */
  signature: Signature | null;
  decision: Decision;
  picture: PictureView | ImageError | null;
}

/** What can go wrong on the connection. The first four are those of WireMock. */
export type Fault = 
  | "CONNECTION_RESET_BY_PEER"
  | "EMPTY_RESPONSE"
  | "MALFORMED_RESPONSE_CHUNK"
  | "RANDOM_DATA_THEN_CLOSE"
  | "TIMEOUT"
  | "TRUNCATED_BODY"
  | "BAD_JSON";

export interface FirstDifference {
  /** From 1. */
  line: number;
  /** From 1, in bytes. */
  column: number;
  /** From 0, in the whole text. */
  byte: number;
}

/** The flags of Config, such as `{TempIdWarn: true}`. A flag that is not sent is false. */
export interface FlagConditions {
  CropIdCard?: boolean;
  CropPortrait?: boolean;
  CopyWarn?: boolean;
  BorderCheckWarn?: boolean;
  ReshootWarn?: boolean;
  DetectPsWarn?: boolean;
  TempIdWarn?: boolean;
  InvalidDateWarn?: boolean;
  Quality?: boolean;
  MultiCardDetect?: boolean;
  ReflectWarn?: boolean;
  KeyCheck?: boolean;
  ValueCheck?: boolean;
}

export interface Glob {
  /** Must match the whole text; * stands for any characters, ? for one. */
  glob: string;
}

export interface HintView {
  en: string;
  zh: string;
}

/** Why a picture cannot be used. */
export type ImageError = 
  | "empty"
  | "undecodable"
  | "too small"
  | "too large"
  | "too many bytes"
  | "not downloadable";

/** What the admin API can do. Details: /__admin/openapi.json. */
export interface Index {
  routes: Route[];
}

/** The server: version, settings, state. */
export interface Info {
  version: string;
  /** The day of the API's contract, unless an account or scenario sets another. */
  contract: string;
  seed: number;
  auth: "strict" | "lenient" | "off";
  uptime_seconds: number;
  /** The number of accounts. */
  accounts: number;
  /** The names of the scenarios active for every account, in order of precedence. */
  scenarios: string[];
  journal: JournalView;
  actions: string[];
}

export interface JournalView {
  /** The number of recorded calls. */
  calls: number;
  /** Their approximate size. */
  bytes: number;
  max_calls: number;
  max_bytes: number;
}

/** The secret has no repr, so that it never appears in a log. */
export interface KeyPairSpec {
  SecretId: string;
  SecretKey: string;
}

export interface KeyView {
  SecretId: string;
  /** Complete in the reply that creates the account; otherwise its last four characters. */
  SecretKey: string;
}

export interface LibraryEntries {
  scenarios: LibraryEntry[];
}

/** A scenario that can be played by name. */
export interface LibraryEntry {
  /** The name of its file, without the suffix. */
  name: string;
  /** The name in the file, which is usually the same. */
  scenario: string;
  description: string;
  file: string;
}

export interface LogNormalDelaySpec {
  /** Like a real service: most answers near the median, a few much later. */
  lognormal: LogNormalSpec;
}

export interface LogNormalSpec {
  median: string;
  /** The spread. 0.4 is usual for services. */
  sigma: number;
  /** The longest delay. */
  max?: string;
}

/** The decision on a call. */
export interface Match {
  /** The rule or chaos entry that decided the outcome. */
  rule: string | null;
  /** The scenario of that rule or entry. */
  scenario: string | null;
  /** In order of precedence. */
  near_misses: NearMiss[];
  /** ok, an error code, fault:NAME or http:STATUS. */
  outcome: string;
  /** The message of a refusal before the rules. */
  message: string | null;
  delay_seconds: number;
  dribble_seconds: number;
  /** The chaos entry that only delays the answer. */
  delayed_by: string | null;
}

/** The parts of a call that conditions of rules can test. */
export interface MatchRequest {
  action?: string | null;
  parameters?: Record<string, unknown>;
  region?: string;
  headers?: Record<string, string>;
  account?: string | null;
}

export interface MeasuredValue {
  value: number;
  /** The highest good value, or the lowest if `least` is true. */
  threshold: number;
  /** Whether the threshold is the lowest good value. */
  least: boolean;
  /** The warnings it causes beyond the threshold. A call gets them if it asks for them and no rule
   * scripts other warnings. */
  warns: string[];
}

/** One difference from the documented way to sign. */
export interface Mistake {
  cause: string;
  step: string;
  /** Of the canonical request or the string to sign, from 1. */
  line: number | null;
  expected: string;
  found: string;
  /** The correct code of the step. */
  python: string;
  node: string;
}

/** A rule that did not match the call. */
export interface NearMiss {
  scenario: string;
  rule: string;
  /** The number of conditions of the rule. */
  conditions: number;
  /** Empty if the conditions matched, but the steps of the rule were used up. */
  differences: Difference[];
}

/** A parameter or flag without effect, or data that was left out. The call succeeded. */
export interface NoteView {
  /** The parameter of the call, or the setting of the account. */
  parameter: string;
  /** The value that was sent, masked; only its length or type if it may be personal. */
  value: string | null;
  expected: string | null;
  /** The name of an entry in docs/troubleshooting.md. */
  name: string;
  hint: HintView;
}

export interface Outcome {
  /** A documented error code. */
  error?: 
    | "ActionOffline"
    | "AuthFailure.InvalidAuthorization"
    | "AuthFailure.InvalidSecretId"
    | "AuthFailure.MFAFailure"
    | "AuthFailure.SecretIdNotFound"
    | "AuthFailure.SignatureExpire"
    | "AuthFailure.SignatureFailure"
    | "AuthFailure.TokenFailure"
    | "AuthFailure.UnauthorizedOperation"
    | "DryRunOperation"
    | "FailedOperation"
    | "FailedOperation.CardSideError"
    | "FailedOperation.DownLoadError"
    | "FailedOperation.EmptyImageError"
    | "FailedOperation.EngineRecognizeTimeout"
    | "FailedOperation.IdCardInfoIllegal"
    | "FailedOperation.IdCardTooSmall"
    | "FailedOperation.ImageBlur"
    | "FailedOperation.ImageDecodeFailed"
    | "FailedOperation.ImageNoIdCard"
    | "FailedOperation.ImageSizeTooLarge"
    | "FailedOperation.MultiCardError"
    | "FailedOperation.OcrFailed"
    | "FailedOperation.UnKnowError"
    | "FailedOperation.UnOpenError"
    | "FailedOperation.WarningServiceFailed"
    | "InternalError"
    | "InvalidAction"
    | "InvalidParameter"
    | "InvalidParameter.ConfigFormatError"
    | "InvalidParameterValue"
    | "InvalidParameterValue.InvalidParameterValueLimit"
    | "InvalidRequest"
    | "IpInBlacklist"
    | "IpNotInWhitelist"
    | "LimitExceeded"
    | "LimitExceeded.TooLargeFileError"
    | "MissingParameter"
    | "NoSuchProduct"
    | "NoSuchVersion"
    | "RequestLimitExceeded"
    | "RequestLimitExceeded.GlobalRegionUinLimitExceeded"
    | "RequestLimitExceeded.IPLimitExceeded"
    | "RequestLimitExceeded.UinLimitExceeded"
    | "RequestSizeLimitExceeded"
    | "ResourceInUse"
    | "ResourceInsufficient"
    | "ResourceNotFound"
    | "ResourceUnavailable"
    | "ResourceUnavailable.InArrears"
    | "ResourceUnavailable.ResourcePackageRunOut"
    | "ResourcesSoldOut.ChargeStatusException"
    | "ResponseSizeLimitExceeded"
    | "ServiceUnavailable"
    | "UnauthorizedOperation"
    | "UnknownParameter"
    | "UnsupportedOperation"
    | "UnsupportedProtocol"
    | "UnsupportedRegion";
  /** The message of the error, instead of the documented one. */
  message?: string;
  /** A fault of the network or of the reply. */
  fault?: Fault;
  /** A gateway answers with this HTTP status instead of the API. */
  http?: number;
  /** The client waits this long for the answer. */
  delay?: string | UniformDelaySpec | LogNormalDelaySpec;
  /** The answer arrives in pieces, over this time. */
  dribble?: string;
  /** The outcome of this many calls in a row. */
  times?: number;
  Name?: string;
  Sex?: string;
  Nation?: string;
  Birth?: string;
  Address?: string;
  IdNum?: string;
  Authority?: string;
  ValidDate?: string;
  /** from_picture: what the picture shows; invented: a generated person; the name of a specimen: as
   * if its picture had been sent; or some fields: the others are generated to match. */
  card?: 
    | "from_picture"
    | "invented"
    | "li-ming"
    | "li-ming-back"
    | "both-sides"
    | "temporary-card"
    | "x-check-digit"
    | "long-term-card"
    | "expired-card"
    | "minority-name"
    | "long-name"
    | "rare-character"
    | "four-line-address"
    | "leap-day-birth"
    | "minor"
    | "number-and-birth-disagree"
    | "low-quality"
    | "warning-invalid-date"
    | "warning-border"
    | "warning-copy"
    | "warning-reshoot"
    | "warning-temporary-id"
    | "warning-occlusion"
    | "warning-tampered"
    | "warning-reflection"
    | "warning-copy-bw"
    | "warning-electronic-id"
    | "warning-watermark" | CardFields;
  /** By name or code; each is returned only if its flag of Config is set. */
  warnings?: (
    | "invalid_date"
    | "border"
    | "copy"
    | "reshoot"
    | "temporary_id"
    | "occlusion"
    | "tampered"
    | "reflection"
    | "copy_bw"
    | "electronic_id"
    | "watermark" | number)[];
  /** Quality, returned with Config.Quality. */
  quality?: number;
  /** BorderCodeValue, returned with Config.BorderCheckWarn. */
  border?: number;
  /** Positions of reflections: they imply the warning `reflection`, and fill ReflectDetailInfos if
   * the call asks for it. */
  reflections?: ("NationalEmblem" | "Portrait" | "RecognitionField" | "Others")[];
  AdvancedInfo?: string;
  ReflectDetailInfos?: ReflectDetailInfo[];
  /** One of these outcomes, by weight. */
  one_of?: Choice[];
}

/** A parameter, or a member of a parameter that is JSON text. */
export interface ParameterView {
  name: string;
  /** The vendor's type: string or bool. */
  type: string;
  /** The day of the first contract that has it. */
  since: string;
  /** Whether the contract has it. A call with a parameter that it does not have is refused. */
  is_known: boolean;
  /** As it is documented; the English one is a translation. */
  sentence: Record<string, string>;
  /** All allowed values; empty if there is no list of them. */
  values: string[];
  /** The parameter that has it as a member, such as Config. */
  part_of: string | null;
  /** Whether a call needs it, or another required parameter instead of it. */
  is_required: boolean;
}

export interface PastedText {
  text: string;
  /** Whose key pair signed the steps; default: the first account. */
  account?: string | null;
  /** The RequestId of the call to which the steps belong. They are compared with the steps of that
   * call; default: with those of the request that the steps describe. */
  call?: string | null;
}

/** Conditions on the picture, which is examined only if a rule has any. */
export interface PictureConditions {
  /** PNG, JPEG or BMP, or a list. */
  format?: "PNG" | "JPEG" | "BMP" | ("PNG" | "JPEG" | "BMP")[];
  /** The SHA-256 of the decoded picture, in hex, or a list. */
  sha256?: string | string[];
  /** The least width in pixels. */
  min_width?: number;
  /** The name of a specimen that is recognized in the picture, or a list. */
  specimen?: 
    | "li-ming"
    | "li-ming-back"
    | "both-sides"
    | "temporary-card"
    | "x-check-digit"
    | "long-term-card"
    | "expired-card"
    | "minority-name"
    | "long-name"
    | "rare-character"
    | "four-line-address"
    | "leap-day-birth"
    | "minor"
    | "number-and-birth-disagree"
    | "low-quality"
    | "warning-invalid-date"
    | "warning-border"
    | "warning-copy"
    | "warning-reshoot"
    | "warning-temporary-id"
    | "warning-occlusion"
    | "warning-tampered"
    | "warning-reflection"
    | "warning-copy-bw"
    | "warning-electronic-id"
    | "warning-watermark"
    | "error-card-side-error"
    | "error-id-card-info-illegal"
    | "error-multi-card-error" | (
    | "li-ming"
    | "li-ming-back"
    | "both-sides"
    | "temporary-card"
    | "x-check-digit"
    | "long-term-card"
    | "expired-card"
    | "minority-name"
    | "long-name"
    | "rare-character"
    | "four-line-address"
    | "leap-day-birth"
    | "minor"
    | "number-and-birth-disagree"
    | "low-quality"
    | "warning-invalid-date"
    | "warning-border"
    | "warning-copy"
    | "warning-reshoot"
    | "warning-temporary-id"
    | "warning-occlusion"
    | "warning-tampered"
    | "warning-reflection"
    | "warning-copy-bw"
    | "warning-electronic-id"
    | "warning-watermark"
    | "error-card-side-error"
    | "error-id-card-info-illegal"
    | "error-multi-card-error")[];
}

/** A picture; its bytes are not stored. */
export interface PictureView {
  format: string;
  width: number;
  height: number;
  size_bytes: number;
  sha256: string;
  /** Null if the picture was not read, because a rule scripted the answer. */
  reading: ReadingView | null;
}

export interface Presence {
  /** true: it was not sent; false: it was sent, with any value. */
  absent: boolean;
}

/** One error in a scenario. */
export interface Problem {
  /** The place in the document, such as `rules[0].then.error`. */
  path: string | null;
  /** From 1; null if the scenario was sent as JSON. */
  line: number | null;
  column: number | null;
  /** What was expected, and what was found. */
  text: string;
}

export interface ReadingView {
  /** Of the picture, after its EXIF orientation; the corners of cards refer to it. */
  width: number;
  height: number;
  /** front, back, front and back, several of one side, covered, blurred or nothing. */
  contents: string;
  /** The kind of specimen that was recognized without reading a code. */
  looks_like: string | null;
  cards: CardView[];
}

export interface ReasonView {
  /** The parameter of the call, or the setting of the account. */
  parameter: string;
  /** The value that was sent, masked; only its length or type if it may be personal. */
  value: string | null;
  expected: string | null;
}

/** The position of a reflection (docs/fidelity.md#reflect-positions). */
export interface ReflectDetailInfo {
  Position: "NationalEmblem" | "Portrait" | "RecognitionField" | "Others";
}

export interface Regex {
  /** Found anywhere in the text, unless ^ and $ anchor it. RE2's syntax: no look-around, no back-
   * references. */
  regex: string;
}

export interface Route {
  method: string;
  path: string;
  summary: string;
}

export interface Rule {
  /** Unique in the file. Default: rules[0] for the first rule, etc. */
  name?: string;
  /** The action of the calls. Default: the action of the file, or the only action. */
  action?: "IDCardOCR";
  /** Rules are tried from priority 1 upwards, then in the order of the file. */
  priority?: number;
  /** The rule matches if all conditions match. Without any, it always matches. */
  when?: When;
  /** One outcome, or a list: one outcome for each call. */
  then: Outcome | Outcome[];
  /** After the list: repeat the last outcome, start again, or try the next rule. */
  after?: "last" | "cycle" | "fall_through";
  /** Count the calls of the account, or those of each picture. */
  per?: "account" | "picture";
}

/** A scenario. The first rule that matches a call decides its outcome. */
export interface Scenario {
  name: string;
  description?: string;
  /** The action of rules that do not name one. */
  action?: "IDCardOCR";
  /** The seed of all generated data and of all random choices. */
  seed?: number;
  /** The API answers as it did on this day, YYYY-MM-DD. */
  contract?: string;
  /** {freeze: 2026-01-01T00:00:00Z} or {offset: +400s}. */
  clock?: ClockSpec;
  account?: AccountSettingsSpec;
  /** Outcomes that may replace those of the rules, for any call. */
  chaos?: ChaosEntry[];
  rules?: Rule[];
  /** How many calls each rule must match, checked on request. */
  expect?: Record<string, number | BoundsSpec>;
}

export interface ScenarioList {
  /** In order of precedence: of accounts, then played for every account, then of files. */
  scenarios: ScenarioView[];
  /** Errors by file: why its content is not active. The last valid content stays active. */
  refused: Record<string, string>;
  /** Scenarios that can be played by name. */
  known: string[];
}

/** Whether a scenario could be played. */
export interface ScenarioValidation {
  valid: boolean;
  /** Its name; null if it is not valid. */
  name: string | null;
  /** The names of its rules. */
  rules: string[];
  /** Every error. */
  problems: Problem[];
  /** Values that are answered differently than written, and rules that are never reached. */
  warnings: Problem[];
}

/** An active scenario. */
export interface ScenarioView {
  name: string;
  description: string;
  /** Its file, or `inline`. */
  source: string;
  /** The account it belongs to; null: active for every account. */
  account: string | null;
  /** file: from the files of the server; admin: played over this API for every account; account:
   * played for one account. */
  from: "file" | "admin" | "account";
  /** The settings of accounts that it sets, as written. An account's own settings take precedence. */
  overrides: Record<string, unknown>;
  /** The expected number of calls of each rule, as written. */
  expect: Record<string, unknown>;
  /** Warnings: values that are answered differently than written, and rules that are never reached. */
  warnings: Problem[];
  /** The names of its rules. */
  rules: string[];
}

/** The request as it was sent, masked like the calls in the journal. */
export interface SentRequest {
  method: string;
  url: string;
  headers: Record<string, string>;
  parameters: Record<string, unknown>;
  body_bytes: number;
}

/** Each step as the server computed it; never the key, and never the right signature. */
export interface Signature {
  string_to_sign: string;
  valid: boolean;
  /** This and the following fields: TC3 only. */
  canonical_request?: string | null;
  /** Hex SHA-256 of the signed payload. */
  payload_hash?: string | null;
  /** Whether the signed payload is the body that was received. */
  covers_body?: boolean;
  /** Headers whose values were signed as they were sent, not in lower case. */
  as_sent?: string[];
}

/** A step of a signature, as the client did it beside the right one. */
export interface StepPair {
  step: "canonical request" | "string to sign";
  /** null if it is not known. */
  yours: string | null;
  right: string | null;
  /** null if they are the same, or if one is not known. */
  differs_at: FirstDifference | null;
}

export interface TextExplanation {
  /** What the text is: a call of the journal, the error of another call, a raw request, a curl
   * command, steps of a signature, or nothing known. */
  kind: "call" | "error" | "request" | "curl" | "steps" | "unknown";
  /** Why a text cannot be explained. */
  problem: string | null;
  /** The documented error code in the text. */
  code: string | null;
  /** The documented message of the code. */
  meaning: Record<string, string> | null;
  /** The steps of the client beside the right ones. */
  steps: StepPair[];
  explanation: Explanation | null;
}

export interface TryReply {
  request: SentRequest;
  /** Each step; never the key. */
  signature: Signature;
  /** How the connection ended: complete (a whole reply), empty (closed without a reply), reset,
   * truncated (closed before the end of the reply), malformed (not HTTP), timeout, too_long. */
  ended: 
    | "complete"
    | "empty"
    | "reset"
    | "truncated"
    | "malformed"
    | "timeout"
    | "too_long";
  status: number | null;
  headers: Record<string, string>;
  /** The text of the reply, as far as it was received. */
  body: string;
  milliseconds: number;
  /** Of the call in the journal; null if the server did not record it. */
  RequestId: string | null;
}

export interface TrySpec {
  /** Its name; default: the only action. */
  action?: string | null;
  /** Default: the action's. */
  version?: string | null;
  parameters?: Record<string, unknown>;
  region?: string;
  /** zh-CN or en-US. */
  language?: string;
  /** Further headers. */
  headers?: Record<string, string>;
  method?: "POST" | "GET";
  signature_method?: "TC3-HMAC-SHA256" | "HmacSHA256" | "HmacSHA1";
  /** Default: http if the server has it. */
  endpoint?: "http" | "https" | null;
  /** Default: the first account. */
  account?: string | null;
  timeout_seconds?: number;
}

export interface UniformDelaySpec {
  /** A random delay between the first and the second. */
  uniform: string[];
}

export interface Verdict {
  /** Whether all expectations are met; true if there are none. */
  ok: boolean;
  expectations: ExpectationView[];
}

export interface When {
  /** The time of day by the account's clock, from the first time until before the second: ["22:00",
   * "06:00"]. UTC, unless an offset follows: "22:00+08:00". */
  between?: string[];
  picture?: PictureConditions;
  /** HTTP headers. Their names may be in any case. */
  header?: Record<string, string | string[] | Glob | Regex | Contains | Presence>;
  CardSide?: "FRONT" | "BACK" | ("FRONT" | "BACK")[] | Presence;
  ImageUrl?: string | string[] | Glob | Regex | Contains | Presence;
  ImageBase64?: string | string[] | Glob | Regex | Contains | Presence;
  Config?: FlagConditions;
  EnableRecognitionRectify?: boolean;
  EnableReflectDetail?: boolean;
  EnableDateVerify?: boolean;
  CardWarnType?: "Basic" | "Advanced" | ("Basic" | "Advanced")[];
  Region?: 
    | "ap-beijing"
    | "ap-guangzhou"
    | "ap-hongkong"
    | "ap-shanghai"
    | "ap-singapore"
    | "na-toronto" | (
    | "ap-beijing"
    | "ap-guangzhou"
    | "ap-hongkong"
    | "ap-shanghai"
    | "ap-singapore"
    | "na-toronto")[];
  /** Matches unless all these conditions match. */
  not?: When;
  /** Matches if all conditions of one entry match. */
  any?: When[];
}

/** A scenario as it was written, with `***` for tokens, the queries of URLs and the personal data
 * of answers. If nothing is masked, it can be sent again. Its schema is at /__admin/schema. */
export type WrittenScenario = Record<string, unknown>;

/** Each operation: its path, query, body and reply. */
export interface Api {
  /** Show version, settings and state of the server */
  "GET /info": {
    reply: Info;
  };
  /** Forget all calls: counters, rates, packages, moved clocks, journal */
  "POST /reset": {
    query?: {
      /** Only this account; default: all accounts. */
      account?: string;
    };
    reply: undefined;
  };
  /** The JSON Schema of scenarios */
  "GET /schema": {
    reply: Record<string, unknown>;
  };
  /** Show the CA certificate that HTTPS clients must trust, PEM; needs no token */
  "GET /ca.pem": {
    reply: string;
  };
  /** List accounts */
  "GET /accounts": {
    reply: AccountList;
  };
  /** Create an account; {} creates one with a new name and key pair */
  "POST /accounts": {
    body?: AccountSpec;
    reply: AccountView;
  };
  /** Show an account */
  "GET /accounts/{name}": {
    path: {
      name: string;
    };
    reply: AccountView;
  };
  /** Change the given members of an account */
  "PATCH /accounts/{name}": {
    path: {
      name: string;
    };
    body?: AccountUpdateSpec;
    reply: AccountView;
  };
  /** Remove an account; its calls stay in the journal */
  "DELETE /accounts/{name}": {
    path: {
      name: string;
    };
    reply: undefined;
  };
  /** Show the clocks */
  "GET /clock": {
    query?: {
      /** Only this account; default: all accounts. */
      account?: string;
    };
    reply: Clocks;
  };
  /** Set or freeze clocks; {} sets them to real time */
  "PUT /clock": {
    query?: {
      /** Only this account; default: all accounts. */
      account?: string;
    };
    body?: ClockSpec;
    reply: Clocks;
  };
  /** List the active scenarios, and those that can be played by name */
  "GET /scenarios": {
    query?: {
      /** Only scenarios that are active for this account; default: all scenarios. */
      account?: string;
    };
    reply: ScenarioList;
  };
  /** Play a scenario */
  "POST /scenarios": {
    query?: {
      /** Only for this account; default: for every account. */
      account?: string;
      /** true: its rules are tried before those of the account's other scenarios. */
      first?: boolean;
    };
    body?: Scenario | string;
    /** A scenario in YAML, or the name of a scenario. */
    yaml?: string;
    reply: ScenarioView;
  };
  /** Stop the scenarios that were played over this API */
  "DELETE /scenarios": {
    query?: {
      /** Only for this account; default: for every account. */
      account?: string;
    };
    reply: undefined;
  };
  /** Check a scenario without playing it */
  "POST /scenarios/validate": {
    query?: {
      /** For this account's contract; default: the server's. */
      account?: string;
    };
    body?: Scenario | string;
    /** A scenario in YAML, or the name of a scenario. */
    yaml?: string;
    reply: ScenarioValidation;
  };
  /** Show an active scenario as it was written */
  "GET /scenarios/{name}": {
    path: {
      name: string;
    };
    query?: {
      /** Only scenarios that are active for this account; default: all scenarios. */
      account?: string;
    };
    reply: WrittenScenario;
  };
  /** Play a scenario by name; a scenario without a name gets that of the path */
  "PUT /scenarios/{name}": {
    path: {
      name: string;
    };
    query?: {
      /** Only for this account; default: for every account. */
      account?: string;
    };
    body?: Scenario | string;
    /** A scenario in YAML, or the name of a scenario. */
    yaml?: string;
    reply: ScenarioView;
  };
  /** Stop a scenario */
  "DELETE /scenarios/{name}": {
    path: {
      name: string;
    };
    query?: {
      /** Only for this account; default: for every account. */
      account?: string;
    };
    reply: undefined;
  };
  /** List the scenarios that can be played by name: those of --library, and the shipped ones */
  "GET /library": {
    query?: {
      /** Only scenarios with all these words in their name or text. */
      search?: string;
    };
    reply: LibraryEntries;
  };
  /** Show a scenario that can be played by name, as it was written */
  "GET /library/{name}": {
    path: {
      name: string;
    };
    reply: WrittenScenario;
  };
  /** List the ready-made specimens and their outcomes */
  "GET /cards": {
    reply: CardCatalogue;
  };
  /** Draw a card, or one of the catalogue */
  "GET /cards/draw": {
    query?: {
      /** A specimen of the catalogue. Only format can be combined with it. */
      name?: string;
      /** front (default), back or both. */
      side?: string;
      /** The front of a temporary card. */
      temporary?: boolean;
      /** Seed of the invented person; default: 0. */
      seed?: number;
      /** PNG (default), JPEG or BMP. */
      format?: "PNG" | "JPEG" | "BMP";
      /** Width and height in pixels, such as 1200x800. */
      size?: string;
      /** Defects with their strengths, such as blur:0.5,reflection. */
      defects?: string;
      /** A text on the card; default: generated. */
      Name?: string;
      /** A text on the card; default: generated. */
      Sex?: string;
      /** A text on the card; default: generated. */
      Nation?: string;
      /** A text on the card; default: generated. */
      Birth?: string;
      /** A text on the card; default: generated. */
      Address?: string;
      /** A text on the card; default: generated. */
      IdNum?: string;
      /** A text on the card; default: generated. */
      Authority?: string;
      /** A text on the card; default: generated. */
      ValidDate?: string;
    };
    reply: Uint8Array;
  };
  /** Draw a card */
  "POST /cards/draw": {
    body?: CardSpec;
    reply: Uint8Array;
  };
  /** Check whether rules matched the expected numbers of calls */
  "POST /requests/verify": {
    query?: {
      /** Only this account's scenarios and calls; default: all. */
      account?: string;
    };
    body?: ExpectSpec;
    reply: Verdict;
  };
  /** Show which outcomes the calls have had */
  "GET /coverage": {
    query?: {
      /** Only calls of this account; default: all calls. */
      account?: string;
    };
    reply: CoverageReport;
  };
  /** Count outcomes anew from now on; the recorded calls stay */
  "DELETE /coverage": {
    query?: {
      /** Only calls of this account; default: all calls. */
      account?: string;
    };
    reply: undefined;
  };
  /** List the recorded calls */
  "GET /requests": {
    query?: {
      /** Only calls of this account; default: all accounts. */
      account?: string;
      /** Only calls with this outcome: ok, an error code, fault:NAME, http:STATUS, or error (any). */
      outcome?: string;
      /** Only calls that this rule matched. */
      rule?: string;
      /** true: only calls that reached the rules and matched none; false: that matched one. */
      unmatched?: boolean;
      /** Only calls from this time on (ISO 8601 or UNIX seconds), or after this RequestId. */
      since?: string;
      /** The maximum number of calls, the newest. */
      limit?: number;
    };
    reply: CallList;
  };
  /** Clear the journal */
  "DELETE /requests": {
    query?: {
      /** Only calls of this account; default: all accounts. */
      account?: string;
    };
    reply: undefined;
  };
  /** Show the record of a call; secrets are masked */
  "GET /requests/{request_id}": {
    path: {
      request_id: string;
    };
    query?: {
      /** Only calls of this account; default: all accounts. */
      account?: string;
    };
    reply: CallDetails;
  };
  /** A shell script (bash, openssl, curl) that repeats the call */
  "GET /requests/{request_id}/curl": {
    path: {
      request_id: string;
    };
    query?: {
      /** Only calls of this account; default: all accounts. */
      account?: string;
    };
    reply: string;
  };
  /** Explain why a call got its answer */
  "GET /requests/{request_id}/explain": {
    path: {
      request_id: string;
    };
    query?: {
      /** Only calls of this account; default: all accounts. */
      account?: string;
    };
    reply: Explanation;
  };
  /** Show which rule a call would match, and why the others do not */
  "POST /match": {
    body?: MatchRequest;
    reply: Match;
  };
  /** Code that makes the call, in a language */
  "GET /requests/{request_id}/code": {
    path: {
      request_id: string;
    };
    query?: {
      /** Only calls of this account; default: all accounts. */
      account?: string;
      /** The language of the code. */
      language?: 
        | "curl"
        | "tccli"
        | "python"
        | "node"
        | "go"
        | "java"
        | "php"
        | "csharp"
        | "cpp"
        | "ruby"
        | "pytest";
    };
    reply: Code;
  };
  /** Code of a call that was not sent, in a language */
  "POST /code": {
    query?: {
      /** The language of the code. */
      language?: 
        | "curl"
        | "tccli"
        | "python"
        | "node"
        | "go"
        | "java"
        | "php"
        | "csharp"
        | "cpp"
        | "ruby"
        | "pytest";
    };
    body?: CallSpec;
    reply: Code;
  };
  /** Explain a pasted text */
  "POST /explain": {
    body?: PastedText;
    reply: TextExplanation;
  };
  /** Describe the request parameters of an action */
  "GET /parameters": {
    query?: {
      /** Its name; default: the only action. */
      action?: string;
      /** By the contract of this account; default: the first account. */
      account?: string;
    };
    reply: ActionParameters;
  };
  /** Sign a call and send it to this server */
  "POST /try": {
    body?: TrySpec;
    reply: TryReply;
  };
  /** List the routes of the admin API */
  "GET /": {
    reply: Index;
  };
  /** The OpenAPI document of the admin API */
  "GET /openapi.json": {
    reply: Record<string, unknown>;
  };
}
