import type { Linkable } from './link.ts';

export const helpFor = (linkable: Linkable): string => `\
The account links: which account at which provider belongs to which user.

Usage: npm run links -- COMMAND [OPTIONS]

  import FILE           Apply the lines of a file (- for standard input). A line is
                        {"userId":"UUID","provider":"NAME","externalId":"147","secret":null}
                        Without "secret" the stored one stays; null says that there is none.
                        A file may be applied again: what is stored already is unchanged.
      --dry-run         Report what would happen, and write nothing.
  list                  Show links, but not their secrets.
      --user UUID       Of this user only.
      --provider NAME   At this provider only.
      --rejected        Those only whose key the provider refused, and since when: ask the person
                        for a new one. A new key ends it.
  remove                Remove all links of a user. May be repeated.
      --user UUID       Whose; required.
      --provider NAME   Only the link at this provider.
  prune                 Ask Bird's organization list who there is, and remove the links of people whom it has
                        not, or deleted. Nothing is removed where anything is in doubt.
      --dry-run         Show whose links would be removed, and remove nothing.
      --at-most N       Of so many people; without it, of one in twenty.
  export                Write links as lines that import reads (npm run -s links -- export > FILE:
                        without -s npm writes lines of its own).
      --with-secrets    With the secrets in plain text: keep the output as safe as the key.
      --provider NAME   At this provider only.
  verify                Tell each link that is not as this product wrote it.
  seal                  Once after an update, when the service asks for it: vouch for the links that an
                        earlier version wrote, as they are now. Look at them before.
  backup FILE           Copy all links of a SQLite file to a new one, while the service runs.
  restore FILE          Put such a copy in their place, while the service runs.
  replay FILE           Remove again what a log of the service says was removed (- for standard input):
                        after restoring, with the log since the backup.
  rotate-key            Seal every link with the first key of LINKS_ENCRYPTION_KEY.
                        May be interrupted and started again.

  --json                Results as JSON, one object a line. Not for export, which writes nothing else.
  --help                This text.

Providers: ${Object.keys(linkable).join(', ')}. Settings: LINKS_URL, LINKS_ENCRYPTION_KEY, and
for prune those of Bird, BIRD_ORGANIZATION_ID and BIRD_ACCESS_KEY among them.
Results go to standard output, progress and problems to standard error, and there each removal as a line of
the log, which replay reads.
Exit codes: 0 done; 1 a defect of this program; 2 wrong usage, settings or data, where repeating does not
            help; 3 the store does not answer, try again later; 4 done, except for the lines told.
`;
