import { createToken, type ILexerConfig, Lexer } from 'chevrotain';

/**
 * The words of one logical line, comments and macros already dealt with.
 *
 * A `"` always begins or ends a quoted word, also in the middle of another one, and knows no escapes; single quotes
 * mean nothing. Keywords are not tokens: which word is a keyword depends on the block it stands in.
 */
export const OpenBrace = createToken({ name: 'OpenBrace', pattern: '{' });
export const CloseBrace = createToken({ name: 'CloseBrace', pattern: '}' });
export const QuotedWord = createToken({ name: 'QuotedWord', pattern: /"[^"]*"/ });
/** A quoted word whose closing quote is missing: it takes the rest of the line with it. */
export const OpenQuote = createToken({ name: 'OpenQuote', pattern: /"[^"]*/ });
export const PlainWord = createToken({ name: 'PlainWord', pattern: /[^ \t\f\n\r\v"{}]+/ });
const Blank = createToken({ name: 'Blank', pattern: /[ \t\f\n\r\v]+/, group: Lexer.SKIPPED });

export const tokenTypes = [PlainWord, Blank, OpenBrace, CloseBrace, QuotedWord, OpenQuote];

export const lexerOptions: ILexerConfig = {
  positionTracking: 'onlyOffset',
  // A logical line holds no line ends, so nothing has to be counted.
  lineTerminatorsPattern: /\n/g,
  lineTerminatorCharacters: ['\n'],
  // These few patterns are quicker to try in turn than to index by their first character.
  safeMode: true,
};

/** The token types are checked by their tests, not at every start. */
export function newLexer(): Lexer {
  return new Lexer(tokenTypes, { ...lexerOptions, skipValidations: true });
}
