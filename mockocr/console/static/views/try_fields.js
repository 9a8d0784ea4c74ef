// The request parameters of IDCardOCR, with the documented sentence of each (API page §2) and the day
// that added it (docs/contract.md).

export const FLAGS = [
  ["CropIdCard", "Crop the card: without margins, upright", "身份证照片裁剪（去掉证件外多余的边缘、自动矫正拍摄角度）"],
  ["CropPortrait", "Crop the portrait", "人像照片裁剪（自动抠取身份证头像区域）"],
  ["CopyWarn", "Warn of a copy", "复印件告警"],
  ["BorderCheckWarn", "Warn of an incomplete border, or of something that covers the card", "边框和框内遮挡告警"],
  ["ReshootWarn", "Warn of a picture of a picture", "翻拍告警"],
  ["DetectPsWarn", "Warn of traces of editing", "疑似存在PS痕迹告警"],
  ["TempIdWarn", "Warn of a temporary card", "临时身份证告警"],
  ["InvalidDateWarn", "Warn of a validity that is not 5, 10, 20 years or long-term", "身份证有效日期不合法告警"],
  ["Quality", "The quality score of the picture (how blurred it is)", "图片质量分数（评价图片的模糊程度）"],
  ["MultiCardDetect", "Read both sides in one picture", "是否开启正反面同框识别（仅支持二代身份证正反页同框识别或临时身份证正反页同框识别）"],
  ["ReflectWarn", "Detect reflections", "是否开启反光检测"],
  ["KeyCheck", "Return IsKeyValid", "返回 IsKeyValid", "2026-09-17"],
  ["ValueCheck", "Return IsValueValid", "返回 IsValueValid", "2026-09-17"],
].map(([name, en, zh, since = null]) => ({ name, en, zh, since }));

export const BOOLEANS = [
  {
    name: "EnableRecognitionRectify",
    default: "true",
    en: "Default: true. Number, birth and sex are corrected so that they agree; false returns them as they are printed.",
    zh: "默认值为true，打开识别结果纠正开关。开关开启后，身份证号、出生日期、性别三个字段会进行矫正补齐，统一结果输出；若关闭此开关，以上三个字段保持原始识别结果输出。",
  },
  {
    name: "EnableReflectDetail",
    default: "false",
    en: "Default: false. Returns the areas that reflections cover; works only with ReflectWarn: true in Config.",
    zh: "默认值为false。此开关需要在反光检测开关开启下才会生效（即 config 入参里的 \"ReflectWarn\":true），开启后会返回反光点覆盖区域详情。",
  },
  { name: "EnableDateVerify", default: "false", since: "2024-12-06", en: "Default: false. It has no effect in mockocr.", zh: "默认值为false。在 mockocr 中没有作用。" },
];

export const SENTENCES = {
  picture: {
    en: "Base64 of at most 7M, PNG, JPG, JPEG or BMP; at least 500*800 is advised. ImageUrl or ImageBase64 must be given; with both, only ImageUrl is used.",
    zh: "要求图片经Base64编码后不超过 7M，分辨率建议500*800以上，支持PNG、JPG、JPEG、BMP格式。ImageUrl、ImageBase64 必须提供一个，如果都提供，只使用 ImageUrl。",
  },
  CardSide: {
    en: "FRONT: the side with the portrait. BACK: the side with the national emblem. If it is not given, the side is detected.",
    zh: "FRONT：身份证有照片的一面（人像面），BACK：身份证有国徽的一面（国徽面），该参数如果不填，将为您自动判断身份证正反面。",
  },
  Config: { en: "The following optional fields are all bool, false by default.", zh: "以下可选字段均为bool 类型，默认false。" },
  CardWarnType: {
    since: "2025-07-03",
    en: "Basic or Advanced. Advanced with DetectPsWarn also warns of electronic cards and watermarks.",
    zh: "Basic 或 Advanced。Advanced 且开启 DetectPsWarn 时同时开启电子身份证、水印告警。",
  },
};

export const REGIONS = ["ap-beijing", "ap-guangzhou", "ap-hongkong", "ap-shanghai", "ap-singapore", "na-toronto"];

export const EMPTY = {
  account: "", CardSide: "", ImageUrl: "", flags: [], EnableRecognitionRectify: "", EnableReflectDetail: "", EnableDateVerify: "", CardWarnType: "",
  region: "", language: "", endpoint: "", method: "POST", signature_method: "TC3-HMAC-SHA256", clock: "", picture: null,
};

/** The parameters of the form, as they are sent. */
export function parametersOf(form) {
  const parameters = {};
  if (form.picture) parameters.ImageBase64 = form.picture.base64;
  for (const name of ["ImageUrl", "CardSide", "CardWarnType"]) if (form[name]) parameters[name] = form[name];
  if (form.flags.length) parameters.Config = JSON.stringify(Object.fromEntries(form.flags.map((name) => [name, true])));
  for (const { name } of BOOLEANS) if (form[name]) parameters[name] = form[name] === "true";
  return parameters;
}

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

function flagsIn(config) {
  try {
    const data = typeof config === "string" ? JSON.parse(config) : (config ?? {});
    return Object.keys(data).filter((name) => data[name] === true);
  } catch {
    return [];
  }
}

/** The form that makes a call with these parameters; the picture is added apart. */
export function formOf(parameters, more = {}) {
  const form = { ...EMPTY, ...more, flags: flagsIn(parameters.Config) };
  for (const name of ["CardSide", "CardWarnType"]) if (parameters[name]) form[name] = String(parameters[name]);
  if (parameters.ImageUrl && !parameters.ImageBase64) form.ImageUrl = String(parameters.ImageUrl);
  for (const { name } of BOOLEANS) if (name in parameters) form[name] = String(parameters[name]);
  return form;
}
