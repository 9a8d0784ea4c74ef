// What the form of a call holds: the parameters as they are sent, and how they are sent.

export const EMPTY = {
  account: "", parameters: {}, flags: [], picture: null,
  region: "", language: "", endpoint: "", method: "POST", signature_method: "TC3-HMAC-SHA256", clock: "",
};

/** The parameters of the form, as they are sent. */
export const parametersOf = ({ parameters, flags, picture }) => ({
  ...(picture && { ImageBase64: picture.base64 }),
  ...parameters,
  ...(flags.length && { Config: JSON.stringify(Object.fromEntries(flags.map((name) => [name, true]))) }),
});

/** The body of POST /try and POST /code. */
export const callOf = (form) => ({
  parameters: parametersOf(form),
  region: form.region,
  language: form.language,
  method: form.method,
  signature_method: form.signature_method,
  ...(form.account && { account: form.account }),
  ...(form.endpoint && { endpoint: form.endpoint }),
});

/** The flags of a Config that sets some to true and nothing else; otherwise null. */
function flagsIn(config) {
  try {
    const data = typeof config === "string" ? JSON.parse(config) : config;
    return Object.values(data).every((value) => value === true) ? Object.keys(data) : null;
  } catch {
    return null;
  }
}

/** The form that makes a call with these parameters; the picture is added apart. */
export function formOf({ ImageBase64, Config, ...parameters }, more = {}) {
  const flags = Config === undefined ? [] : flagsIn(Config);
  return { ...EMPTY, ...more, flags: flags ?? [], parameters: flags ? parameters : { ...parameters, Config } };
}
