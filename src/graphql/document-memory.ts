import { type DocumentNode, Kind, type Location, visit } from 'graphql';

/** Measured, as V8 keeps them once their tokens are forgotten. */
const BYTES_OF_NODE = 200;
/** Of the text there is a copy or two, and a character may take two bytes. */
const BYTES_OF_CHARACTER = 4;

/** The memory that a parsed document holds without its tokens, in bytes. */
export function bytesOfDocument(document: DocumentNode): number {
  let nodes = 0;
  visit(document, { enter: () => void (nodes += 1) });
  return nodes * BYTES_OF_NODE + (document.loc?.source.body.length ?? 0) * BYTES_OF_CHARACTER;
}

/**
 * Lets go of what only parsing and validating need: all tokens of the text, each with the next, and where names stand.
 * Two fifths of what a document holds. Errors tell where fields, values and variables stand, and those places are kept.
 */
export function forgetTokens(document: DocumentNode): void {
  visit(document, {
    enter(node) {
      const location = node.loc as { startToken: unknown; endToken: unknown } | undefined;
      if (!location) return;
      location.startToken = undefined;
      location.endToken = undefined;
      if (node.kind === Kind.NAME) (node as { loc: Location | undefined }).loc = undefined;
    },
  });
}
