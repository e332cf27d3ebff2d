/** How good the news is. Never told by the colour alone: the label says it too. */
export type Tone = 'good' | 'info' | 'warning' | 'bad' | 'quiet';

export function Pill({ tone, children }: { tone: Tone; children: string }) {
  return <span className={`pill is-${tone}`}>{children}</span>;
}
