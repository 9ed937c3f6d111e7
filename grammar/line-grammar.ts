import { EmbeddedActionsParser, type IToken } from 'chevrotain';
import { CloseBrace, newLexer, OpenBrace, OpenQuote, PlainWord, QuotedWord, tokenTypes } from './lexer.ts';
import type { Item, Statement } from './plain-line.ts';

/**
 * line      : statement? ( brace statement? )*
 * statement : ( PlainWord | QuotedWord | OpenQuote )+
 * brace     : '{' | '}'
 *
 * Braces are not paired here. In this language only the keyword tables can pair them: the block of an unknown keyword
 * is not a block, and its `}` closes the enclosing one.
 */
export class LineParser extends EmbeddedActionsParser {
  source = '';
  readonly line: () => Item[];
  private readonly statement: () => Statement;
  private readonly brace: () => Item;

  /** The grammar is checked by its tests, not at every start. */
  constructor({ skipValidations = true } = {}) {
    super(tokenTypes, { recoveryEnabled: false, maxLookahead: 1, skipValidations });
    this.statement = this.RULE('statement', () => {
      const tokens: IToken[] = [];
      this.AT_LEAST_ONE(() => {
        tokens.push(
          this.OR([
            { ALT: () => this.CONSUME(PlainWord) },
            { ALT: () => this.CONSUME(QuotedWord) },
            { ALT: () => this.CONSUME(OpenQuote) },
          ]),
        );
      });
      return this.ACTION(() => statementOf(tokens, this.source, this.LA(1)));
    });
    this.brace = this.RULE('brace', () => {
      const token = this.OR([{ ALT: () => this.CONSUME(OpenBrace) }, { ALT: () => this.CONSUME(CloseBrace) }]);
      return { kind: token.tokenType === OpenBrace ? 'open' : 'close', offset: token.startOffset } as const;
    });
    this.line = this.RULE('line', () => {
      const items: Item[] = [];
      this.MANY(() => {
        items.push(
          this.OR([{ ALT: () => this.SUBRULE(this.statement) }, { ALT: () => this.SUBRULE(this.brace) }]) as Item,
        );
      });
      return items;
    });
    this.performSelfAnalysis();
  }
}

function statementOf(tokens: readonly IToken[], source: string, next: IToken): Statement {
  const start = tokens[0]?.startOffset ?? 0;
  const end = Number.isNaN(next.startOffset) ? source.length : next.startOffset;
  const unmatchedQuote = tokens.at(-1)?.tokenType === OpenQuote;
  const words = (unmatchedQuote ? tokens.slice(0, -1) : tokens).map((token) => ({
    text: token.tokenType === QuotedWord ? token.image.slice(1, -1) : token.image,
    offset: token.startOffset,
    length: token.image.length,
  }));
  return {
    kind: 'statement',
    words,
    texts: words.map((word) => word.text),
    source: source.slice(start, end).trimEnd(),
    unmatchedQuote,
  };
}

/** Any line by the grammar. */
export function grammarReader(): (text: string) => Item[] {
  const lexer = newLexer();
  const parser = new LineParser();
  return (text) => {
    parser.source = text;
    parser.input = lexer.tokenize(text).tokens;
    return parser.line();
  };
}
