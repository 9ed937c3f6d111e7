import { concatenate } from '../lib/concatenate.ts';
import type { Digest } from '../ports/digest.ts';

/** What is known of an answer once it is complete. */
export interface HttpResponse {
  /** 0 when the first line has none. */
  readonly status: number;
  readonly contentLength?: number;
  readonly bodyLength: number;
  /** MD5 of the body as it came, up to its announced length, transfer codings included; absent unless asked for. */
  readonly digest?: string;
  /** The same bytes themselves; absent unless asked for. */
  readonly body?: Uint8Array;
}

/** What is wanted of a body besides its length. */
export interface BodyInterest {
  /** An MD5 under way. */
  readonly digest?: Digest | undefined;
  /** Keep the body. */
  readonly kept: boolean;
}

/** A longer header, its empty line included, is no answer. */
const MAXIMUM_HEADER = 4095;
/** A body without end must not keep a checker for ever. */
const MAXIMUM_BODY = 1 << 30;
/** A body that is kept must not fill the memory. */
const MAXIMUM_KEPT_BODY = 1 << 24;

/**
 * Takes an answer in piece by piece and keeps the body only where asked to: the header ends at the first empty line (CR LF CR LF), all
 * bytes after it are body (RFC 1945, section 6).
 */
export class HttpResponseReader {
  #header: Uint8Array<ArrayBufferLike> = new Uint8Array(0);
  #inBody = false;
  #status = 0;
  #contentLength: number | undefined;
  #bodyLength = 0;
  readonly #digest: Digest | undefined;
  readonly #body: Uint8Array[] | undefined;

  constructor({ digest, kept }: BodyInterest) {
    this.#digest = digest;
    this.#body = kept ? [] : undefined;
  }

  /**
   * 'complete' once the announced length has come, 'excessive' when the answer is larger than any page, 'headless' when its
   * header does not end.
   */
  take(data: Uint8Array): 'more' | 'complete' | 'excessive' | 'headless' {
    if (this.#inBody) return this.#takeBody(data);
    const searchFrom = Math.max(0, this.#header.length - 3);
    this.#header = concatenate([this.#header, data]);
    const end = headerEnd(this.#header, searchFrom);
    if (end < 0 ? this.#header.length > MAXIMUM_HEADER : end + 4 > MAXIMUM_HEADER) return 'headless';
    if (end < 0) return 'more';
    this.#inBody = true;
    this.#readHeader(latin1(this.#header.subarray(0, end)));
    return this.#takeBody(this.#header.subarray(end + 4));
  }

  /** The answer so far; undefined while its header is incomplete. */
  response(): HttpResponse | undefined {
    if (!this.#inBody) return undefined;
    return {
      status: this.#status,
      bodyLength: this.#bodyLength,
      ...(this.#contentLength !== undefined && { contentLength: this.#contentLength }),
      ...(this.#digest && { digest: this.#digest.hex() }),
      ...(this.#body && { body: concatenate(this.#body) }),
    };
  }

  #takeBody(data: Uint8Array): 'more' | 'complete' | 'excessive' {
    const left = this.#contentLength === undefined ? data.length : Math.max(0, this.#contentLength - this.#bodyLength);
    const content = data.subarray(0, left);
    this.#digest?.update(content);
    this.#body?.push(content);
    this.#bodyLength += data.length;
    if (this.#contentLength !== undefined && this.#bodyLength >= this.#contentLength) return 'complete';
    return this.#bodyLength > (this.#body ? MAXIMUM_KEPT_BODY : MAXIMUM_BODY) ? 'excessive' : 'more';
  }

  #readHeader(text: string): void {
    const status = /^[^ \r\n]* (\d{3}) /.exec(text);
    if (status) this.#status = Number(status[1]);
    const length = /\r\ncontent-length:[ \t]*(\d{1,15})[ \t]*(?:\r\n|$)/i.exec(text);
    if (length) this.#contentLength = Number(length[1]);
  }
}

function headerEnd(bytes: Uint8Array, from: number): number {
  for (let i = bytes.indexOf(13, from); i >= 0; i = bytes.indexOf(13, i + 1)) {
    if (bytes[i + 1] === 10 && bytes[i + 2] === 13 && bytes[i + 3] === 10) return i;
  }
  return -1;
}

function latin1(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}
