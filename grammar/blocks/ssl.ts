import { block, leaf, type ValueKind } from '../keyword.ts';
import { quote } from '../values.ts';

const onlyOne: ValueKind<object> = {
  syntax: '',
  read(statement) {
    if (statement.scope.values.SSL !== undefined) {
      statement.report('general-error', 'SSL context already specified - replacing', 0);
    }
    return {};
  },
  print: () => '',
};

/** A word that may be set again; `what` is how messages call it. */
function replaceable(what: string): ValueKind<string> {
  return {
    syntax: 'a word',
    example: 'word',
    read(statement) {
      const [keyword, word] = statement.words;
      if (word === undefined) {
        return statement.refuse(`SSL ${what} missing`, 0, this.syntax);
      }
      if (statement.scope.values[keyword as string] !== undefined) {
        statement.report('general-error', `SSL ${what} already specified - replacing`, 1);
      }
      return word;
    },
    print: quote,
  };
}

export const ssl = block(onlyOne, 'Certificates that SSL_GET shows to servers.', {
  password: leaf(replaceable('password'), 'Pass phrase of the private key.', { otherwise: 'none', secret: true }),
  ca: leaf(replaceable('cafile'), 'File of the certificate authority.', { otherwise: 'none' }),
  certificate: leaf(replaceable('certfile'), 'File of the certificate.', { otherwise: 'none' }),
  key: leaf(replaceable('keyfile'), 'File of the private key.', { otherwise: 'none' }),
});
