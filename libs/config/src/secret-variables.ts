/** Settings that may come from a file (`<name>_FILE`) and are never shown. Those of services: by the end of the name. */
export function isSecretVariable(name: string): boolean {
  return /(_URL|_SECRET|_SECRETS|_PASSWORD|_TOKEN|_KEY)$/.test(name);
}

/** `REGULARS_DATABASE_URL_FILE` -> `REGULARS_DATABASE_URL`; other names as they are. */
export function withoutFile(name: string): string {
  const plain = name.replace(/_FILE$/, '');
  return isSecretVariable(plain) ? plain : name;
}
