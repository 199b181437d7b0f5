/** The address of this page, with the ways to send traces open where `isSending`. */
export function homeUrl(isSending = false): string {
  return isSending ? '/?send=true' : '/';
}

/** Whether an address asks how to send traces. */
export function isSendingFrom(query: URLSearchParams): boolean {
  return query.get('send') === 'true';
}
