import type { Context } from '../request/context.ts';
import type { FieldError, ResolversParentTypes, UpdateMeInput } from '../generated/resolvers.ts';
import type { Rejection } from '../providers/bird/wire.ts';
import { isProfileField, profileChange } from './profile-change.ts';

type UpdateMeResult = ResolversParentTypes['UpdateMeResult'];

/** The longest reason of Bird's that is passed on, in characters. */
const MAX_REASON_LENGTH = 200;

/** Changes the viewer's profile at Bird, with one call and only the given fields; a bad value is answered, not sent. */
export async function updateMe(input: UpdateMeInput, { bird, viewer }: Context): Promise<UpdateMeResult> {
  if (!viewer.hasToken) await viewer.requireId();
  const checked = profileChange(input);
  if ('problems' in checked) return invalid(checked.problems);

  const answer = await bird.update(checked.change);
  if ('rejected' in answer) return invalid(birdsProblems(answer));
  return { __typename: 'UpdateMeSuccess', user: { id: answer.id } };
}

function invalid(fieldErrors: FieldError[]): UpdateMeResult {
  return { __typename: 'UpdateMeInvalid', fieldErrors };
}

/** Bird's reasons are about the fields that were sent; whatever else it names is told as being about the input. */
function birdsProblems({ rejected }: Rejection): FieldError[] {
  const problems = rejected.flatMap(({ path, reasons }) => {
    const field = isProfileField(path) ? path : 'input';
    return reasons.map((reason) => ({ field, message: reason.slice(0, MAX_REASON_LENGTH).toWellFormed() }));
  });
  return problems.length > 0
    ? problems
    : [{ field: 'input', message: 'Bird did not accept this change and gave no reason.' }];
}
