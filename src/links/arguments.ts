import { parseArgs, type ParseArgsConfig } from 'node:util';
import { canonicalId, type Linkable, USER_ID } from './link.ts';

/** What the command line asks for, checked. */
export type Command =
  | { readonly name: 'help' }
  | { readonly name: 'import'; readonly file: string; readonly dryRun: boolean; readonly json: boolean }
  | {
      readonly name: 'list';
      readonly userId?: string;
      readonly provider?: string;
      readonly rejected: boolean;
      readonly json: boolean;
    }
  | { readonly name: 'remove'; readonly userId: string; readonly provider?: string; readonly json: boolean }
  | { readonly name: 'export'; readonly provider?: string; readonly withSecrets: boolean }
  | { readonly name: 'rotate-key' | 'seal' | 'verify'; readonly json: boolean }
  | {
      readonly name: 'prune';
      readonly dryRun: boolean;
      /** The most people whose links may be removed; null: as many as are hardly a mistake. */
      readonly atMost: number | null;
      readonly json: boolean;
    }
  | { readonly name: 'replay'; readonly file: string; readonly json: boolean }
  | { readonly name: 'backup'; readonly file: string; readonly json: boolean }
  | { readonly name: 'restore'; readonly file: string; readonly json: boolean };

/** The command line cannot be understood. The message never repeats a value. */
export class UsageError extends Error {}

const text = { type: 'string' } as const;
const flag = { type: 'boolean' } as const;

interface Given {
  readonly values: ReturnType<typeof parsed>['values'];
  readonly positionals: readonly string[];
  /** The user and the provider that are meant, if any. */
  readonly about: { readonly userId?: string; readonly provider?: string };
  readonly json: boolean;
}

/** The options of each command, and what it makes of them. */
const COMMANDS: {
  readonly [Name in Exclude<Command['name'], 'help'>]: {
    readonly options: NonNullable<ParseArgsConfig['options']>;
    readonly read: (given: Given) => Command;
  };
} = {
  import: {
    options: { 'dry-run': flag, json: flag },
    read: ({ values, positionals, json }) => ({
      name: 'import',
      file: onlyOf(positionals, 'import takes one FILE, or -'),
      dryRun: values['dry-run'] === true,
      json,
    }),
  },
  list: {
    options: { user: text, provider: text, rejected: flag, json: flag },
    read: ({ about, values, json }) => ({
      name: 'list',
      ...about,
      rejected: values['rejected'] === true,
      json,
    }),
  },
  remove: {
    options: { user: text, provider: text, json: flag },
    read({ about, json }) {
      const { userId } = about;
      if (userId === undefined) throw new UsageError('remove needs --user');
      return { name: 'remove', ...about, userId, json };
    },
  },
  prune: {
    options: { 'dry-run': flag, 'at-most': text, json: flag },
    read: ({ values, json }) => ({
      name: 'prune',
      dryRun: values['dry-run'] === true,
      atMost: countOf(values['at-most']),
      json,
    }),
  },
  export: {
    options: { provider: text, 'with-secrets': flag },
    read: ({ about, values }) => ({ name: 'export', ...about, withSecrets: values['with-secrets'] === true }),
  },
  verify: {
    options: { json: flag },
    read: ({ json }) => ({ name: 'verify', json }),
  },
  seal: {
    options: { json: flag },
    read: ({ json }) => ({ name: 'seal', json }),
  },
  backup: {
    options: { json: flag },
    read: ({ positionals, json }) => ({
      name: 'backup',
      file: onlyOf(positionals, 'backup takes one FILE'),
      json,
    }),
  },
  restore: {
    options: { json: flag },
    read: ({ positionals, json }) => ({
      name: 'restore',
      file: onlyOf(positionals, 'restore takes one FILE'),
      json,
    }),
  },
  replay: {
    options: { json: flag },
    read: ({ positionals, json }) => ({
      name: 'replay',
      file: onlyOf(positionals, 'replay takes one FILE, or -'),
      json,
    }),
  },
  'rotate-key': {
    options: { json: flag },
    read: ({ json }) => ({ name: 'rotate-key', json }),
  },
};

/** Reads the words after `links`. Throws UsageError. */
export function readCommand(words: readonly string[], linkable: Linkable): Command {
  if (words.includes('--help')) return { name: 'help' };
  const [name = '', ...rest] = words;
  if (!isCommand(name)) throw new UsageError(`the commands are ${Object.keys(COMMANDS).join(', ')}`);

  const { options, read } = COMMANDS[name];
  const { values, positionals } = parsed(rest, options, name);
  const about = { ...userOf(values['user']), ...providerOf(values['provider'], linkable) };
  return read({ values, positionals, about, json: values['json'] === true });
}

function isCommand(name: string): name is keyof typeof COMMANDS {
  return Object.hasOwn(COMMANDS, name);
}

function parsed(args: string[], options: NonNullable<ParseArgsConfig['options']>, name: string) {
  try {
    return parseArgs({
      args,
      options,
      allowPositionals: ['import', 'backup', 'restore', 'replay'].includes(name),
    });
  } catch {
    const known = Object.entries(options).map(
      ([key, { type }]) => `--${key}${type === 'string' ? ' VALUE' : ''}`,
    );
    throw new UsageError(`the options of ${name} are ${known.join(', ')}`);
  }
}

function onlyOf([file, ...more]: readonly string[], usage: string): string {
  if (file === undefined || more.length > 0) throw new UsageError(usage);
  return file;
}

type Value = Given['values'][string];

function userOf(id: Value): { readonly userId?: string } {
  if (id === undefined) return {};
  const userId = typeof id === 'string' ? canonicalId(id) : '';
  if (!USER_ID.test(userId)) throw new UsageError('--user must be a UUID');
  return { userId };
}

function countOf(value: Value): number | null {
  if (value === undefined) return null;
  if (typeof value !== 'string' || !/^\d{1,9}$/.test(value))
    throw new UsageError('--at-most is the number of people whose links may be removed');
  return Number(value);
}

function providerOf(name: Value, linkable: Linkable): { readonly provider?: string } {
  if (name === undefined) return {};
  if (typeof name !== 'string' || !Object.hasOwn(linkable, name)) {
    throw new UsageError(`--provider must be one of ${Object.keys(linkable).join(', ')}`);
  }
  return { provider: name };
}
