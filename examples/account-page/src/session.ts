const KEY = 'bird-login-token';

/** The login token of this tab. It outlives a reload, and is gone with the tab. */
export function keptToken(): string | null {
  return sessionStorage.getItem(KEY);
}

export function keepToken(token: string): void {
  sessionStorage.setItem(KEY, token);
}

export function forgetToken(): void {
  sessionStorage.removeItem(KEY);
}
