/** A page, or a file that one needs. */
export interface Page {
  type: string;
  body: string | Buffer;
}

/** What is at a path; undefined where nothing is. */
export type Explorer = (path: string) => Promise<Page | undefined>;
