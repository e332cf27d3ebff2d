import { readFileSync } from 'node:fs';
import { z } from 'zod';

/** Variables of the environment, by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** A setting that is empty is as good as absent: `.env` files hold such lines. */
export function given(environment: Environment, name: string): string | undefined {
  return environment[name]?.trim() || undefined;
}

/** Whether there is a setting, itself or in a file. */
export function isGiven(environment: Environment, name: string): boolean {
  return (given(environment, name) ?? given(environment, `${name}_FILE`)) !== undefined;
}

/**
 * Makes what reads a group of settings: their values, null when one of them is wrong. What is wrong goes to `problems`,
 * by name and rule and never with a value. A secret may also be in a file, which `NAME_FILE` names.
 */
export function readerOf(environment: Environment, problems: string[]) {
  return <Shape extends z.ZodRawShape>(settings: z.ZodObject<Shape>, nameOf: (key: string) => string) => {
    const before = problems.length;
    const values: Record<string, string | undefined> = {};
    for (const [key, type] of Object.entries(settings.shape)) {
      values[key] = valueOf(nameOf(key), isSecret(type as z.ZodType));
    }
    const parsed = settings.safeParse(values);
    // Only names and rules are told, never a value: it may be a secret in the wrong place.
    for (const { path, message, code } of parsed.error?.issues ?? []) {
      const key = String(path[0]);
      const missing = code === 'invalid_type' && values[key] === undefined;
      problems.push(`${nameOf(key)} ${missing ? 'is missing' : message}`);
    }
    return parsed.success && problems.length === before ? parsed.data : null;
  };

  function valueOf(name: string, isSecretSetting: boolean): string | undefined {
    const value = given(environment, name);
    const file = isSecretSetting ? given(environment, `${name}_FILE`) : undefined;
    if (file === undefined) return value;
    if (value !== undefined) problems.push(`${name} and ${name}_FILE are both set: which one counts?`);
    try {
      return readFileSync(file, 'utf8').trim();
    } catch (error) {
      problems.push(
        `${name}_FILE names a file that cannot be read (${(error as NodeJS.ErrnoException).code})`,
      );
      return undefined;
    }
  }
}

/** Whether a setting may also be given as the path of a file. */
export function isSecret(type: z.ZodType): boolean {
  return [type, unwrapped(type)].some((candidate) => candidate.meta()?.['secret'] === true);
}

function unwrapped(type: z.ZodType): z.ZodType {
  return type instanceof z.ZodOptional || type instanceof z.ZodDefault ? (type.unwrap() as z.ZodType) : type;
}
