/** Remembers what caches forget; `partial-answers.d.ts` says what for and how. */
export class PartialAnswers {
  /** @type {Map<string, import('./partial-answers.js').AnswerError>} by place */
  #troubles = new Map();
  /** @type {Map<string | number, unknown>} the data of each query's last answer, by the caller's key for the query */
  #known = new Map();
  /** @type {Set<() => void>} */
  #listeners = new Set();

  /** @type {import('./partial-answers.js').PartialAnswers['heard']} */
  heard({ data, errors = [] }, query) {
    const failed = new Map();
    for (const error of errors) if (error.path) failed.set(placeOf(data, error.path), error);
    for (const place of placesIn(data)) if (!failed.has(place)) this.#troubles.delete(place);
    for (const [place, error] of failed) this.#troubles.set(place, error);

    let whole = /** @type {NonNullable<typeof data>} */ (data);
    if (query !== undefined) {
      for (const { path = [], extensions } of errors)
        if (extensions?.['retryable'] === true) whole = withKnown(whole, this.#known.get(query), path);
      if (whole !== undefined) this.#known.set(query, whole);
    } else {
      const changed = new Set(placesIn(data));
      for (const [key, known] of this.#known) this.#known.set(key, without(known, changed));
    }
    for (const listener of this.#listeners) listener();
    return whole;
  }

  /** @type {import('./partial-answers.js').PartialAnswers['troubleAt']} */
  troubleAt(object, field) {
    return this.#troubles.get(`${nameOf(object) ?? ''}.${field}`);
  }

  /** @type {import('./partial-answers.js').PartialAnswers['subscribe']} */
  subscribe = (listener) => {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  };
}

/**
 * What tells an object from all others, as in normalized caches; undefined of what has no id.
 * @param {unknown} value
 */
function nameOf(value) {
  const { __typename, id } = /** @type {{ __typename?: string; id?: string }} */ (Object(value));
  return __typename !== undefined && id !== undefined ? `${__typename}:${id}` : undefined;
}

/**
 * Where an error belongs: the nearest object with an id, and the way on from there. So it is the same place in every
 * query that leads to the object.
 * @param {unknown} data
 * @param {readonly (string | number)[]} path
 */
function placeOf(data, path) {
  let place = '';
  let at = data;
  for (const key of path) {
    place += `.${key}`;
    at = Object(at)[key];
    place = nameOf(at) ?? place;
  }
  return place;
}

/**
 * Every place that an answer says something of.
 * @param {unknown} value
 * @returns {Generator<string>}
 */
function* placesIn(value, place = '') {
  if (typeof value !== 'object' || value === null) return;
  const from = nameOf(value) ?? place;
  for (const [key, below] of Object.entries(value)) {
    yield `${from}.${key}`;
    yield* placesIn(below, `${from}.${key}`);
  }
}

/**
 * A copy of an answer with what was known at this path, if nothing is there now and both are about the same objects.
 * Which entry of a list something without an id is, is not known.
 * @template T
 * @param {T} now
 * @param {any} known
 * @param {readonly (string | number)[]} path
 * @returns {T}
 */
function withKnown(now, known, [key, ...rest]) {
  if (key === undefined) return now ?? known;
  if (now === null || typeof now !== 'object' || nameOf(now) !== nameOf(known)) return now;
  const at = /** @type {keyof T} */ (key);
  const before = Object(known)[key];
  if (before === undefined || before === null) return now;
  if (typeof key === 'number' && nameOf(now[at]) === undefined) return now;
  const copy = /** @type {T} */ (Array.isArray(now) ? [...now] : { ...now });
  copy[at] = withKnown(now[at], before, rest);
  return copy;
}

/**
 * A copy of what was known without what a change has answered anew.
 * @param {unknown} value
 * @param {ReadonlySet<string>} changed - places
 * @returns {unknown}
 */
function without(value, changed, place = '') {
  if (typeof value !== 'object' || value === null) return value;
  const from = nameOf(value) ?? place;
  if (Array.isArray(value)) return value.map((entry, index) => without(entry, changed, `${from}.${index}`));
  const left = Object.entries(value)
    .filter(([key]) => key === '__typename' || key === 'id' || !changed.has(`${from}.${key}`))
    .map(([key, below]) => [key, without(below, changed, `${from}.${key}`)]);
  return Object.fromEntries(left);
}
