// What a fact does to a room's pieces: a pure function, the twin of the one that the tests prove the promises with.

export function applied(pieces, fact) {
  if (fact.remove) return pieces.filter((piece) => piece.id !== fact.remove);
  if (!fact.put) return pieces;
  const piece = { id: fact.put, html: fact.html };
  const isThere = pieces.some((one) => one.id === fact.put);
  return isThere ? pieces.map((one) => (one.id === fact.put ? piece : one)) : [piece, ...pieces];
}
