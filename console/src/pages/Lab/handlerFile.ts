/** The file that holds the handler `module.function` or `folder/module.function`; the first where none fits. */
export function handlerFile(handler: string, files: readonly string[]): string {
  const module = handler.slice(0, Math.max(0, handler.lastIndexOf('.')));
  return files.find((file) => file.replace(/\.\w+$/, '') === module) ?? files[0] ?? '';
}
