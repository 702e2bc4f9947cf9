/** An answer that is no success, or none. Its `name` tells the connection of a session that is gone. */
const problem = (name: string, message: string): Error => Object.assign(new Error(message), { name });

/**
 * Asks the backend in the name of somebody, such as `ask('ada', 'renew')`.
 * @throws Error with a sentence for people, and the backend's name of the error.
 */
export const ask = async <Answer>(person: string, action: string, body: object = {}): Promise<Answer> => {
  const request = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
  const response = await fetch(`${person}/${action}`, request).catch(() => {
    throw problem('NoAnswer', 'The server of this example does not answer. Is it running?');
  });
  const answer = (await response.json().catch(() => ({}))) as Answer & { error?: string; message?: string };
  if (response.ok) return answer;
  throw problem(answer.error ?? 'Refused', answer.message ?? `The server answered ${response.status}.`);
};
