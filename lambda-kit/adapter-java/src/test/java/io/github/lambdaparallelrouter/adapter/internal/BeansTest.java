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
  private static final String HTTP_EVENT =
      """
      {"version":"2.0","routeKey":"POST /a/{b}","rawPath":"/a/1","rawQueryString":"q=1&q=2","cookies":["c=1","d=2"],
       "headers":{"x-a":"1"},"queryStringParameters":{"q":"1,2"},"pathParameters":{"b":"1"},"stageVariables":{"s":"t"},
       "requestContext":{"accountId":"1","apiId":"lpr","authorizer":{"jwt":{"claims":{"sub":"me"},"scopes":["a"]},
       "lambda":{"n":1,"deep":{"x":[true,null]}},"iam":{"accessKey":"k","userId":"u"}},"domainName":"d","domainPrefix":"p",
       "http":{"method":"POST","path":"/a/1","protocol":"HTTP/1.1","sourceIp":"192.0.2.1","userAgent":"t"},
       "requestId":"r-1","routeKey":"POST /a/{b}","stage":"$default","time":"now","timeEpoch":1795435200000,"new":{}},
       "body":"hi","isBase64Encoded":true,"somethingNew":[1]}""";

  private static final String REST_EVENT =
      """
      {"version":"1.0","resource":"/a","path":"/a","httpMethod":"GET","headers":{"a":"1"},"multiValueHeaders":{"a":["1","2"]},
       "queryStringParameters":null,"pathParameters":{"b":"1"},"requestContext":{"accountId":"1","requestId":"r-1",
       "identity":{"sourceIp":"192.0.2.1","userAgent":"t"},"httpMethod":"GET","requestTimeEpoch":1},"body":null,
       "isBase64Encoded":false}""";

  private static final String BALANCER_EVENT =
      """
      {"requestContext":{"elb":{"targetGroupArn":"arn"}},"httpMethod":"GET","path":"/a","queryStringParameters":{"q":"1"},
       "headers":{"a":"1"},"body":"","isBase64Encoded":true}""";

  public enum Colour {
    RED
  }

  public record Point(int x, Double y, List<Point> more, Colour colour) {}

  public static class Node {
    public String open = "o";
    private Node next;
    private boolean ready;
    private Set<Long> ids;
    private byte[] bytes;

    public Node getNext() {
      return next;
    }

    public void setNext(Node next) {
      this.next = next;
    }

    public boolean isReady() {
      return ready;
    }

    public void setReady(boolean ready) {
      this.ready = ready;
    }

    public Set<Long> getIds() {
      return ids;
    }

    public void setIds(Set<Long> ids) {
      this.ids = ids;
    }

    public byte[] getBytes() {
      return bytes;
    }

    public void setBytes(byte[] bytes) {
      this.bytes = bytes;
    }

    public String getURLName() {
      return "u";
    }
  }

  @Test
  void anHttpEventIsTheOneThatLambdaMakes() {
    assertEquals(
        lambda(APIGatewayV2HTTPEvent.class).fromJson(HTTP_EVENT),
        read(HTTP_EVENT, APIGatewayV2HTTPEvent.class));
  }

  @Test
  void aRestEventIsTheOneThatLambdaMakes() {
    assertEquals(
        lambda(APIGatewayProxyRequestEvent.class).fromJson(REST_EVENT),
        read(REST_EVENT, APIGatewayProxyRequestEvent.class));
  }

  @Test
  void anEventOfALoadBalancerIsTheOneThatLambdaMakes() {
    assertEquals(
        lambda(ApplicationLoadBalancerRequestEvent.class).fromJson(BALANCER_EVENT),
        read(BALANCER_EVENT, ApplicationLoadBalancerRequestEvent.class));
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
