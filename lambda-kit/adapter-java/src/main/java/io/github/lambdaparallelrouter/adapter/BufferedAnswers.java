package io.github.lambdaparallelrouter.adapter;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** Keeps all responses and sends them as one document, in the order of the items. */
final class BufferedAnswers implements Answers {
  /**
   * Most bytes of responses in one document. Lambda takes 6 MiB and fails the whole invocation
   * beyond it, with every item in it; the margin is for what is around the responses.
   *
   * @see <a href="https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html">Lambda
   *     quotas</a>
   */
  static final int MAX_BYTES = 6 * 1024 * 1024 - 1024;

  private final List<Item> items;
  private final OutputStream out;
  private final Reporter reporter;
  private final byte[][] responses;

  BufferedAnswers(List<Item> items, OutputStream out, Reporter reporter) {
    this.items = items;
    this.out = out;
    this.reporter = reporter;
    this.responses = new byte[items.size()][];
  }

  @Override
  public void answer(int index, Item item, ParsedResponse response, ItemScope scope)
      throws ItemFailure {
    Object chunk = ItemFailure.inPhase(Phase.BODY, () -> response.body().collect(scope));
    byte[] json = Records.response(item.id(), response.head(), chunk);
    if (scope.close()) {
      responses[index] = json;
    }
  }

  @Override
  public boolean fail(int index, Item item, ItemFailure failure, ItemScope scope) {
    boolean isOpen = scope.close();
    if (isOpen) {
      responses[index] = failed(item, failure);
    }
    return isOpen;
  }

  @Override
  public IOException broken() {
    return null;
  }

  @Override
  public void finish() throws IOException {
    fit();
    out.write(
        ("{\"v\":" + BatchEvent.WIRE_VERSION + ",\"responses\":[")
            .getBytes(StandardCharsets.UTF_8));
    for (int index = 0; index < responses.length; index++) {
      if (index > 0) {
        out.write(',');
      }
      out.write(responses[index]);
    }
    out.write("]}".getBytes(StandardCharsets.UTF_8));
    out.flush();
  }

  /** Replaces those by failures that have no room once the smaller ones have theirs. */
  private void fit() {
    long left = MAX_BYTES;
    for (int index : bySize()) {
      int size = responses[index].length + 1;
      left -= size;
      if (left < 0) {
        ItemFailure failure = new ItemFailure(Phase.RESPONSE, tooLarge(size));
        responses[index] = failed(items.get(index), failure);
        reporter.failure(failure, items.get(index));
      }
    }
  }

  private int[] bySize() {
    Comparator<Integer> size = Comparator.comparingInt(index -> responses[index].length);
    return IntStream.range(0, responses.length)
        .boxed()
        .sorted(size)
        .mapToInt(Integer::intValue)
        .toArray();
  }

  private static Exception tooLarge(int size) {
    return new IllegalArgumentException(
        "response of %d bytes: all responses of a batch share %d bytes; make maxBatchSize smaller"
            .formatted(size, MAX_BYTES));
  }

  private static byte[] failed(Item item, ItemFailure failure) {
    return Records.response(item.id(), Records.failedHead(failure), failure.message());
  }
}
