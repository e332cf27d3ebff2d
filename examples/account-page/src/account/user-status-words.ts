import type { UserStatus } from '../generated/graphql.ts';
import type { Tone } from '../ui/pill.tsx';

/** One for each state of an account at Bird: a state without words does not compile. */
const WORDS: Readonly<Record<UserStatus, { tone: Tone; label: string }>> = {
  ACTIVE: { tone: 'good', label: 'Active' },
  PENDING: { tone: 'info', label: 'Not active yet' },
  INVITED: { tone: 'info', label: 'Invited' },
  BANNED: { tone: 'bad', label: 'Banned' },
  DELETED: { tone: 'bad', label: 'Being deleted' },
  UNKNOWN: { tone: 'quiet', label: 'State unclear' },
};

/** Also of a state that the gateway has learnt since this page was built. */
export function userStatusWords(status: UserStatus): { tone: Tone; label: string } {
  return WORDS[status] ?? WORDS.UNKNOWN;
}
