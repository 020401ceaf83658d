package orders;

import io.github.lambdaparallelrouter.adapter.AdapterOptions;
import io.github.lambdaparallelrouter.adapter.BatchAdapter;
import io.github.lambdaparallelrouter.adapter.ErrorInfo;
import io.github.lambdaparallelrouter.adapter.Request;
import io.github.lambdaparallelrouter.adapter.Response;
import java.util.Map;
import java.util.Optional;

/**
 * A function behind the router: one request in, one response out; the adapter makes batches of it.
 */
public final class GetOrder extends BatchAdapter {
  private record Order(String item, int amount) {}

  private record Problem(String message, String requestId) {}

  /** Shared by all items, and so by several threads: made once and never changed. */
  private static final Map<String, Order> ORDERS =
      Map.of("1", new Order("tea", 2), "2", new Order("coffee", 1));

  /** As the runtime makes it, once for each environment. */
  public GetOrder() {
    super(GetOrder::answer, AdapterOptions.defaults().withOnError(GetOrder::countError));
  }

  private static Response answer(Request request) throws InterruptedException {
    Optional<Order> order = findOrder(request.pathParameter("id").orElse(""));
    return order.isPresent()
        ? Response.json(order.get())
        : Response.json(new Problem("no such order", request.id())).status(404);
  }

  /**
   * Stands in for a query that takes its time, during which the other requests of the batch go on.
   */
  private static Optional<Order> findOrder(String id) throws InterruptedException {
    Thread.sleep(20);
    return Optional.ofNullable(ORDERS.get(id));
  }

  /** Counts errors with the embedded metric format; the adapter has logged this one already. */
  private static void countError(Throwable error, ErrorInfo info) {
    System.out.printf(
        "{\"_aws\":{\"Timestamp\":%d,\"CloudWatchMetrics\":[{\"Namespace\":\"orders\","
            + "\"Dimensions\":[[\"phase\"]],\"Metrics\":[{\"Name\":\"errors\",\"Unit\":\"Count\"}]}]},"
            + "\"phase\":\"%s\",\"errors\":1}%n",
        System.currentTimeMillis(), info.phase());
  }
}
