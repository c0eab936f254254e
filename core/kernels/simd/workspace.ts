import type { Arena, Storage } from '../../tensor/arena';
import { bytesPerSingle } from './rows';

/** Room that a kernel uses while it runs, shared by all kernels of a thread. */
export class Workspace {
  readonly #arena: Arena;
  readonly #rooms: (Storage | undefined)[] = [];

  /** @param arena Never reset while a kernel is in use. */
  constructor(arena: Arena) {
    this.#arena = arena;
  }

  /** Address of at least so many bytes, for thread `thread`. */
  take(thread: number, bytes: number): number {
    const length = Math.ceil(bytes / bytesPerSingle);
    let room = this.#rooms[thread];
    if (room === undefined || room.length < length) {
      room = this.#arena.allocate('float32', Math.max(length, 2 * (room?.length ?? 0)));
      this.#rooms[thread] = room;
    }
    return room.byteOffset;
  }
}
