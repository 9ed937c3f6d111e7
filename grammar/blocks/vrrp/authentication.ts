import { leaf, settings } from '../../keyword.ts';
import { oneOf, text } from '../../values.ts';

export const authentication = settings('Authentication of VRRP version 2.', {
  auth_type: leaf(oneOf(['PASS', 'AH'], "(%n) unknown authentication type '%s'"), 'Method of authentication.', {
    otherwise: 'none',
  }),
  auth_pass: leaf(
    {
      ...text,
      syntax: 'a password of at most 8 bytes',
      example: 'secret',
      read(statement) {
        const word = statement.words[1];
        if (word === undefined) return statement.missing(1);
        if (new TextEncoder().encode(word).length <= 8) return word;
        statement.report('warning', 'Truncating auth_pass to 8 characters', 1, this.syntax);
        return new TextDecoder().decode(new TextEncoder().encode(word).subarray(0, 8));
      },
    },
    'Password, sent readable in every advert.',
    { otherwise: 'none', secret: true },
  ),
});
