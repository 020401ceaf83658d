/** Keeps the AWS SDK from advice on Node.js that is for the authors of `lpr`, not for its users. */
export function quietSdk(): void {
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true'
}
