/** All that is known of a `User` before a field is asked for: which one. Each field loads by this id from its owner. */
export interface UserRef {
  id: string;
}
