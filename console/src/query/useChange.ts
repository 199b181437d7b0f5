import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type Answer, ask, type OperationId, type Question, type Trouble } from '@/api/client';

/** Something to be done on the server. Afterwards what `renews` names is asked again, done or not. */
export function useChange<Id extends OperationId>(id: Id, renews: readonly OperationId[]) {
  const client = useQueryClient();
  return useMutation<Answer<Id>, Trouble, Question<Id>>({
    mutationFn: (question) => ask(id, question),
    onSettled: () =>
      Promise.all(renews.map((operation) => client.invalidateQueries({ queryKey: [operation] }))).then(() => undefined),
  });
}
