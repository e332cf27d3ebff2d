import { type OnReadOpts, Socket } from 'node:net';

/** Where bytes come in, of all connections: they are copied from here before anything else is read. */
const INCOMING = Buffer.allocUnsafeSlow(64 * 1024);

/**
 * How the bytes of one connection get to undici: at once. By default Node makes 64 kB of memory for each read, cuts it to
 * size, puts it into the stream's queue and says later that there is something to read: a tenth of what a GET costs.
 */
export class DirectReads {
  /** What the socket is to be made with. */
  readonly onread: OnReadOpts = { buffer: INCOMING, callback: (length) => this.#take(length) };
  #socket: Socket | undefined;
  #unread: Buffer | undefined;

  /** Hands over what comes from now on to whoever listens for 'readable'. */
  begin(socket: Socket): void {
    const read = (size?: number): unknown => this.#read(size);
    this.#socket = Object.assign(socket, { read });
    this.#queue();
  }

  /** Whether more may be read. */
  #take(length: number): boolean {
    const bytes = Buffer.from(INCOMING.subarray(0, length));
    this.#unread = this.#unread ? Buffer.concat([this.#unread, bytes]) : bytes;
    this.#socket?.emit('readable');
    return this.#queue();
  }

  /** What nobody has read waits in the stream's queue, as it would without this. */
  #queue(): boolean {
    const unread = this.#unread;
    if (!unread || !this.#socket) return true;
    this.#unread = undefined;
    return this.#socket.push(unread);
  }

  #read(size?: number): unknown {
    // What is in the queue comes first. Where it is empty there is nothing to ask the stream for, which takes its time.
    if (size !== undefined || this.#socket?.readableLength !== 0)
      return Socket.prototype.read.call(this.#socket, size);
    const unread = this.#unread ?? null;
    this.#unread = undefined;
    return unread;
  }
}
