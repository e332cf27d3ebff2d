/** Says to those who hear the page what the others see happen on a button. */
export function Announcement({ children }: { children: string | false }) {
  return (
    <p className="unseen" role="status">
      {children}
    </p>
  );
}
