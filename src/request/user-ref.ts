/** All that is known of a `User` before a field is asked for: which one. Each field loads by this id from its owner. */
export interface UserRef {
  id: string;
  /**
   * The Ejento user id that the person was asked for by, where whoever asks may be told nothing else: neither the `id`
   * (which is empty then) nor whether there is such a person.
   */
  keySent?: string | undefined;
}
