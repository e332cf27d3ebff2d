/** What the person or program that asked has to change. */
export type CallerFault = 'UNAUTHENTICATED' | 'FORBIDDEN' | 'BAD_USER_INPUT';

/** The caller's own fault; the message is written for them and reaches them as it is. */
export class CallerError extends Error {
  override readonly name = 'CallerError';
  readonly code: CallerFault;

  constructor(code: CallerFault, message: string) {
    super(message);
    this.code = code;
  }
}
