import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Lexer } from 'chevrotain';
import { lexerOptions, tokenTypes } from '../../../grammar/lexer.ts';
import { LineParser } from '../../../grammar/line-grammar.ts';

test('Chevrotain finds nothing wrong with the token types', () => {
  assert.deepEqual(new Lexer(tokenTypes, lexerOptions).lexerDefinitionErrors, []);
});

test('Chevrotain finds nothing ambiguous in the grammar', () => {
  assert.doesNotThrow(() => new LineParser({ skipValidations: false }));
});
