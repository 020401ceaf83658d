package io.github.lambdaparallelrouter.adapter.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayProxyRequestEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayProxyResponseEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import com.amazonaws.services.lambda.runtime.events.ApplicationLoadBalancerRequestEvent;
import com.amazonaws.services.lambda.runtime.events.ApplicationLoadBalancerResponseEvent;
import com.amazonaws.services.lambda.runtime.serialization.PojoSerializer;
import com.amazonaws.services.lambda.runtime.serialization.events.LambdaEventSerializers;
import com.amazonaws.services.lambda.runtime.serialization.factories.JacksonFactory;
import io.github.lambdaparallelrouter.adapter.internal.BeanSamples.Colour;
import io.github.lambdaparallelrouter.adapter.internal.BeanSamples.Node;
import io.github.lambdaparallelrouter.adapter.internal.BeanSamples.Point;
import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Events and responses are what Lambda's own serializer makes of them. */
class BeansTest {
  @Test
  void anHttpEventIsTheOneThatLambdaMakes() {
    assertEquals(
        lambda(APIGatewayV2HTTPEvent.class).fromJson(BeanSamples.HTTP_EVENT),
        read(BeanSamples.HTTP_EVENT, APIGatewayV2HTTPEvent.class));
  }

  @Test
  void aRestEventIsTheOneThatLambdaMakes() {
    assertEquals(
        lambda(APIGatewayProxyRequestEvent.class).fromJson(BeanSamples.REST_EVENT),
        read(BeanSamples.REST_EVENT, APIGatewayProxyRequestEvent.class));
  }

  @Test
  void anEventOfALoadBalancerIsTheOneThatLambdaMakes() {
    assertEquals(
        lambda(ApplicationLoadBalancerRequestEvent.class).fromJson(BeanSamples.BALANCER_EVENT),
        read(BeanSamples.BALANCER_EVENT, ApplicationLoadBalancerRequestEvent.class));
  }

  @Test
  void responsesSayWhatTheySayInLambda() {
    APIGatewayV2HTTPResponse http =
        APIGatewayV2HTTPResponse.builder()
            .withStatusCode(201)
            .withHeaders(Map.of("a", "1"))
            .withCookies(List.of("c=1"))
            .withBody("hi")
            .withIsBase64Encoded(true)
            .build();
    assertWrittenAsByLambda(http, APIGatewayV2HTTPResponse.class);
    APIGatewayProxyResponseEvent rest =
        new APIGatewayProxyResponseEvent()
            .withStatusCode(200)
            .withBody("x")
            .withIsBase64Encoded(true);
    assertWrittenAsByLambda(rest, APIGatewayProxyResponseEvent.class);
    ApplicationLoadBalancerResponseEvent balancer = new ApplicationLoadBalancerResponseEvent();
    balancer.setStatusCode(200);
    balancer.setMultiValueHeaders(Map.of("a", List.of("1", "2")));
    balancer.setIsBase64Encoded(true);
    assertWrittenAsByLambda(balancer, ApplicationLoadBalancerResponseEvent.class);
  }

  @Test
  void objectsOfTheUserSayWhatTheySayInLambda() {
    Node node =
        (Node)
            read(
                "{\"next\":{\"ready\":true},\"ids\":[1,2],\"bytes\":\"AAE=\",\"open\":\"p\",\"x\":1}",
                Node.class);
    assertEquals(Set.of(1L, 2L), node.getIds());
    assertWrittenAsByLambda(node, Node.class);
  }

  @Test
  void recordsAreReadAndWritten() {
    String text =
        "{\"x\":1,\"y\":0.5,\"more\":[{\"x\":2,\"y\":null,\"more\":null,\"colour\":null}],\"colour\":\"RED\"}";
    Point point = (Point) read(text, Point.class);
    assertEquals(new Point(1, 0.5, List.of(new Point(2, null, null, null)), Colour.RED), point);
    assertEquals(text, JsonWriter.write(point));
    assertEquals(new Point(0, null, null, null), read("{}", Point.class));
  }

  @Test
  void valuesWithAnObviousFormHaveIt() {
    UUID id = new UUID(1, 2);
    List<Object> values =
        Arrays.asList(
            Optional.of(1),
            Optional.empty(),
            new Date(5),
            Instant.EPOCH,
            id,
            'c',
            Colour.RED,
            new byte[] {0, 1});
    String expected = "[1,null,5,\"1970-01-01T00:00:00Z\",\"" + id + "\",\"c\",\"RED\",\"AAE=\"]";
    assertEquals(expected, JsonWriter.write(values));
    assertEquals(
        "[[1,2],[\"a\"],[true],3]",
        JsonWriter.write(
            new Object[] {
              new int[] {1, 2}, new String[] {"a"}, new boolean[] {true}, new AtomicLong(3)
            }));
  }

  @Test
  void objectsWithoutPropertiesHaveNoJson() {
    assertThrows(JsonException.class, () -> JsonWriter.write(new Object()));
    assertThrows(JsonException.class, () -> JsonWriter.write(Thread.currentThread()));
    assertThrows(JsonException.class, () -> JsonWriter.write((Runnable) () -> {}));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"x\":1.5}",
        "{\"x\":\"a\"}",
        "{\"x\":2147483648}",
        "{\"colour\":\"BLUE\"}",
        "{\"more\":1}",
        "[]"
      })
  void refusesWhatDoesNotFit(String text) {
    assertThrows(JsonException.class, () -> read(text, Point.class));
  }

  abstract static class Base<A, B> implements RequestHandler<B, A> {}

  static final class Derived extends Base<Integer, Map<String, Object>> {
    @Override
    public Integer handleRequest(Map<String, Object> event, Context context) {
      return 1;
    }
  }

  @Test
  void theEventTypeIsFoundInTheClassOfTheHandler() {
    assertEquals(
        "java.util.Map<java.lang.String, java.lang.Object>",
        EventType.of(Derived.class, RequestHandler.class).getTypeName());
    RequestHandler<Point, String> lambda = (event, context) -> "";
    assertNull(EventType.of(lambda.getClass(), RequestHandler.class));
  }

  private static Object read(String text, Class<?> type) {
    return BeanReader.read(JsonReader.read(text), type);
  }

  private static <T> void assertWrittenAsByLambda(T bean, Class<T> type) {
    ByteArrayOutputStream expected = new ByteArrayOutputStream();
    lambda(type).toJson(bean, expected);
    Object parsed = JsonReader.read(expected.toByteArray());
    assertEquals(withoutNulls(parsed), withoutNulls(JsonReader.read(JsonWriter.write(bean))));
  }

  private static Object withoutNulls(Object value) {
    if (!(value instanceof Map<?, ?> map)) {
      return value;
    }
    return map.entrySet().stream()
        .filter(member -> Objects.nonNull(member.getValue()))
        .collect(Collectors.toMap(Map.Entry::getKey, member -> withoutNulls(member.getValue())));
  }

  /** As the runtime client chooses it. */
  private static <T> PojoSerializer<T> lambda(Class<T> type) {
    return LambdaEventSerializers.isLambdaSupportedEvent(type.getName())
        ? LambdaEventSerializers.serializerFor(type, type.getClassLoader())
        : JacksonFactory.getInstance().getSerializer(type);
  }
}
