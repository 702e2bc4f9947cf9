/** Returns the text of a response. Calls back for each piece of it that arrives. */
export const readText = async (response: Response, onPiece: () => void): Promise<string> => {
  const reader = response.body?.getReader();
  const decoder = new TextDecoder();
  let text = '';
  for (;;) {
    const piece = (await reader?.read())?.value;
    if (!piece) return text + decoder.decode();
    onPiece();
    text += decoder.decode(piece, { stream: true });
  }
};
