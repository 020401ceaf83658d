package io.github.lambdaparallelrouter.adapter;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/** Sends each response, or each piece of one, as a line of NDJSON when it is there. */
final class StreamedAnswers implements Answers {
  /** Longest line: routers bound what they hold of one. */
  static final int MAX_LINE_BYTES = 1024 * 1024;

  private final OutputStream out;
  private final boolean interleaved;

  // Not `synchronized`: before Java 24 a virtual thread that blocks in there keeps its carrier.
  private final ReentrantLock lock = new ReentrantLock();
  private volatile IOException broken;

  StreamedAnswers(OutputStream out, boolean interleaved) {
    this.out = out;
    this.interleaved = interleaved;
  }

  @Override
  public void answer(int index, Item item, ParsedResponse response, ItemScope scope)
      throws ItemFailure {
    if (interleaved) {
      try (Body body = response.body()) {
        sendPieces(item, response, body, scope);
      }
      return;
    }
    Object chunk = ItemFailure.inPhase(Phase.BODY, () -> response.body().collect(scope));
    if (Records.lengthOf(chunk) > Records.MAX_CHUNK_LENGTH) {
      // Routers bound the length of a line; one of records has no such limit.
      sendPieces(item, response, Body.whole(chunk), scope);
    } else {
      send(scope, Records.oneRecord(item.id(), response.head(), chunk), true);
    }
  }

  @Override
  public boolean fail(int index, Item item, ItemFailure failure, ItemScope scope) {
    lock.lock();
    try {
      boolean isOpen = scope.close();
      if (isOpen) {
        write(lastWord(item.id(), failure, scope.isHeadSent()));
      }
      return isOpen && broken == null;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public IOException broken() {
    return broken;
  }

  @Override
  public void finish() throws IOException {
    out.flush();
  }

  private void sendPieces(Item item, ParsedResponse response, Body body, ItemScope scope)
      throws ItemFailure {
    send(scope, Records.head(item.id(), response.head()), false);
    ItemFailure.inPhase(
        Phase.BODY,
        () -> {
          sendBody(item.id(), body, scope);
          return null;
        });
    send(scope, Records.end(item.id()), true);
  }

  /** Text cut through a surrogate pair is put together again; each half alone would be lost. */
  private void sendBody(String id, Body body, ItemScope scope) throws ItemFailure {
    String held = "";
    for (Object chunk = body.next(); chunk != null && scope.isOpen(); chunk = body.next()) {
      if (chunk instanceof String text) {
        String joined = held + text;
        int cut = joined.length() - (endsInHighSurrogate(joined) ? 1 : 0);
        held = joined.substring(cut);
        sendAll(id, joined.substring(0, cut), scope);
      } else {
        sendAll(id, held, scope);
        sendAll(id, chunk, scope);
        held = "";
      }
    }
    sendAll(id, held, scope);
  }

  private static boolean endsInHighSurrogate(String text) {
    return !text.isEmpty() && Character.isHighSurrogate(text.charAt(text.length() - 1));
  }

  private void sendAll(String id, Object chunk, ItemScope scope) throws ItemFailure {
    List<Object> pieces = Records.split(chunk);
    for (Object piece : pieces) {
      send(scope, Records.chunk(id, piece), false);
    }
  }

  /** Sends a record of an item that is still to be answered; the last one ends its answer. */
  private void send(ItemScope scope, byte[] record, boolean isLast) throws ItemFailure {
    if (record.length > MAX_LINE_BYTES) {
      throw new ItemFailure(Phase.RESPONSE, tooLong(record.length));
    }
    lock.lock();
    try {
      if (!scope.isOpen()) {
        throw new DeadlineException(null);
      }
      scope.uninterrupted(() -> write(record));
      if (broken != null) {
        throw new ItemFailure(Phase.WRITE, broken);
      }
      if (isLast) {
        scope.close();
      } else {
        scope.headSent();
      }
    } finally {
      lock.unlock();
    }
  }

  private static Exception tooLong(int length) {
    return new IllegalArgumentException(
        "headers: expected a record of at most " + MAX_LINE_BYTES + " bytes, got " + length);
  }

  private byte[] lastWord(String id, ItemFailure failure, boolean headSent) {
    return interleaved || headSent
        ? Records.error(id, failure, headSent)
        : Records.oneRecord(id, Records.failedHead(failure), failure.message());
  }

  private void write(byte[] record) {
    if (broken != null) {
      return;
    }
    try {
      out.write(record);
      out.write('\n');
      out.flush();
    } catch (IOException e) {
      broken = e;
    }
  }
}
