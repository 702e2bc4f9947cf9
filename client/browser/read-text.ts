/** Returns the text of a response. Calls back for each piece of it that arrives. */
export const readText = async (response: Response, onPiece: () => void): Promise<string> => {
  const reader = response.body?.getReader();
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  for (;;) {
    const piece = (await reader?.read())?.value;
    if (!piece) return new Blob(pieces).text();
    onPiece();
    pieces.push(piece);
  }
};
