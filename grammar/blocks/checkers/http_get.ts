import { block, leaf, nothing, type Scope, type Statement, type ValueKind } from '../../keyword.ts';
import { replaceableName } from '../../server-values.ts';
import { boolean, integer, maximumUnsigned, quote } from '../../values.ts';
import { connectionRows, hasReachableTarget, scheduleRows } from './connection.ts';
import { regexRows, settleRegex } from './http-regex.ts';

const path: ValueKind<string> = {
  syntax: 'a path',
  example: '/var/lib/example',
  read(statement) {
    const word = statement.words[1];
    if (word === undefined) return statement.missing(1);
    const before = statement.scope.values.path;
    if (before !== undefined) {
      statement.report('general-error', `Duplicate path - overwriting ${before} with ${word}`, 1);
    }
    return word;
  },
  print: quote,
};

const digest: ValueKind<string> = {
  syntax: '32 hexadecimal digits',
  example: '9b3a0c85a887a256d6939da88aabd8cd',
  read(statement) {
    const word = statement.words[1];
    if (word === undefined) return statement.missing(1);
    const refuse = (message: string): undefined => statement.refuse(message, 1, this.syntax);
    if (word.length !== 32) {
      return refuse(`digest '${word}' character length should be 32 rather than ${word.length}`);
    }
    const bad = word.search(/[^0-9a-fA-F]/);
    if (bad !== -1) {
      const pair = bad - (bad % 2);
      return refuse(`Unable to interpret hex digit in '${word}' at offset ${pair}/${pair + 1}`);
    }
    return statement.scope.values.digest === undefined ? word.toLowerCase() : refuse(`Digest '${word}' is a duplicate`);
  },
  print: (value) => value,
};

type StatusRange = readonly [number, number];

const statusCode: ValueKind<readonly StatusRange[]> = {
  syntax: 'status codes from 100 to 599 or ranges of them',
  example: '200 300-399',
  read(statement) {
    const ranges: StatusRange[] = [];
    statement.words.slice(1).forEach((word, i) => {
      const match = /^(\d{1,9})(?:-(\d{1,9}))?$/.exec(word);
      const low = Number(match?.[1]);
      const high = Number(match?.[2] ?? match?.[1]);
      if (match && low >= 100 && high <= 599 && low <= high) ranges.push([low, high]);
      else statement.report('general-error', `Invalid HTTP_GET status code '${word}'`, i + 1, this.syntax);
    });
    const before = (statement.scope.values.status_code ?? []) as readonly StatusRange[];
    return ranges.length === 0 && before.length === 0 ? undefined : [...before, ...ranges];
  },
  print: (ranges) => ranges.map(([low, high]) => (low === high ? low : `${low}-${high}`)).join(' '),
};

const httpProtocol: ValueKind<'1.0' | '1.0C' | '1.1'> = {
  syntax: '1.0, 1.0C or 1.1',
  example: '1.1',
  read(statement) {
    const word = statement.words[1]?.toUpperCase();
    if (word === '1.0' || word === '1.0C' || word === '1.1') return word;
    const written = statement.words[1];
    const message =
      written === undefined ? 'Missing http_protocol version' : `Invalid http_protocol version ${written}`;
    return statement.refuse(message, 1, this.syntax);
  },
  print: (value) => value,
};

/** Without a name it only turns the extension on. */
const sniName: ValueKind<string> = {
  syntax: 'a name, or nothing',
  example: 'www.example.org',
  read(statement) {
    const word = statement.words[1];
    const before = statement.scope.values.sni_name;
    if (before === undefined || before === '') return word ?? '';
    const message =
      word === undefined
        ? `Duplicate SNI name - ignoring, keeping ${before}`
        : `Duplicate SNI name - overwriting ${before} with ${word}`;
    statement.report('general-error', message, 0);
    return word;
  },
  print: quote,
};

function finishUrl(scope: Scope, statement: Statement): boolean {
  if (scope.values.path === undefined) {
    statement.report('general-error', 'HTTP/SSL_GET checker url has no path - ignoring');
    return false;
  }
  settleRegex(scope, statement);
  return true;
}

function hasUrl(scope: Scope, statement: Statement): boolean {
  if (scope.values.url === undefined) {
    statement.report('general-error', 'HTTP/SSL_GET checker has no urls specified - ignoring');
    return false;
  }
  return hasReachableTarget(scope, statement);
}

const tlsCompliant = leaf(
  boolean('Invalid tls_compliant parameter %s'),
  'Close TLS connections with a full exchange, and expect one.',
);

const urlRows = {
  path: leaf(path, 'What to ask for.', { otherwise: 'none (required)' }),
  digest: leaf(digest, 'MD5 the body must have.', { otherwise: 'none' }),
  status_code: leaf(statusCode, 'Status codes that count as success; 200-299 unless set.', { otherwise: '200-299' }),
  virtualhost: leaf(replaceableName('url virtualhost'), 'Host header of this request.', {
    otherwise: 'virtualhost of real server, then service, then target address',
  }),
  ...regexRows,
};

const rows = {
  ...connectionRows,
  ...scheduleRows,
  nb_get_retry: leaf(integer(0, maximumUnsigned), 'Old spelling of retry.', {
    invalid: "Invalid nb_get_retry value '%s'",
    deprecated: { instead: 'retry' },
  }),
  virtualhost: leaf(
    replaceableName('HTTP_GET virtualhost', 'HTTP_GET virtualhost name'),
    'Host header of every request that sets none.',
    { otherwise: 'virtualhost of real server, then service, then target address' },
  ),
  http_protocol: leaf(httpProtocol, 'Version of HTTP to speak; 1.0C is 1.0 with Connection: close.', {
    otherwise: '1.0',
  }),
  enable_sni: leaf(boolean('Invalid enable_sni parameter %s'), 'Name the host in the TLS handshake.', {
    otherwise: 'off',
  }),
  sni_name: leaf(sniName, 'Name for the TLS handshake; the virtualhost unless set.', { otherwise: 'virtualhost' }),
  fast_recovery: leaf(
    boolean('Invalid fast_recovery parameter %s'),
    'After a failure check the failed request alone, and count as up as soon as it works.',
    { otherwise: 'off' },
  ),
};

export const httpGet = block(
  nothing,
  'Health check by HTTP requests.',
  { ...rows, url: block(nothing, 'One request of the check.', urlRows, { finish: finishUrl }) },
  { finish: hasUrl },
);

export const sslGet = block(
  nothing,
  'Health check by HTTP requests over TLS.',
  {
    ...rows,
    tls_compliant: tlsCompliant,
    url: block(
      nothing,
      'One request of the check.',
      { ...urlRows, tls_compliant: tlsCompliant },
      { finish: finishUrl },
    ),
  },
  { finish: hasUrl },
);
