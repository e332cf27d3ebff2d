import type { CombinedError } from 'urql';

/** Why a part of the answer is missing: an entry of `errors`, or a request that was not answered at all. */
export interface Trouble {
  /** What is missing, such as `['me', 'billing']`; empty when it is everything. */
  path: readonly (string | number)[];
  code: string;
  /** Which provider it is about, if it is about one: `insighto`. */
  provider: string | undefined;
  retryable: boolean;
  retryAfterSeconds: number | undefined;
  /** In plain words, from whoever had the trouble. */
  message: string;
}

/** Everything that went wrong with an operation, as GraphQL or the network tell it. */
export function troublesOf(error: CombinedError | undefined): Trouble[] {
  if (!error) return [];
  if (error.networkError) return [NO_ANSWER];
  return error.graphQLErrors.map(({ path = [], message, extensions }) => {
    const code = textIn(extensions['code']) ?? UNFORESEEN;
    return {
      path,
      code,
      provider: textIn(extensions['provider']),
      retryable: code === UNFORESEEN || extensions['retryable'] === true,
      retryAfterSeconds: numberIn(extensions['retryAfterSeconds']),
      // What nobody foresaw was put into words by a machine, for machines: gateways tell addresses there.
      message: code === UNFORESEEN ? 'Something went wrong behind this page.' : message,
    };
  });
}

const UNFORESEEN = 'INTERNAL_SERVER_ERROR';

const NO_ANSWER: Trouble = {
  path: [],
  code: 'NO_ANSWER',
  provider: undefined,
  retryable: true,
  retryAfterSeconds: undefined,
  message: 'There was no usable answer: the service is not there at the moment, or this device is offline.',
};

const textIn = (value: unknown) => (typeof value === 'string' ? value : undefined);
const numberIn = (value: unknown) => (typeof value === 'number' ? value : undefined);
