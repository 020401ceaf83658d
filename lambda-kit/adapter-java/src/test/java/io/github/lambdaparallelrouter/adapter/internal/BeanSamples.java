package io.github.lambdaparallelrouter.adapter.internal;

import java.util.List;
import java.util.Set;

/** Events as they come, and classes as users write them. */
public final class BeanSamples {
  static final String HTTP_EVENT =
      """
      {"version":"2.0","routeKey":"POST /a/{b}","rawPath":"/a/1","rawQueryString":"q=1&q=2","cookies":["c=1","d=2"],
       "headers":{"x-a":"1"},"queryStringParameters":{"q":"1,2"},"pathParameters":{"b":"1"},"stageVariables":{"s":"t"},
       "requestContext":{"accountId":"1","apiId":"lpr","authorizer":{"jwt":{"claims":{"sub":"me"},"scopes":["a"]},
       "lambda":{"n":1,"deep":{"x":[true,null]}},"iam":{"accessKey":"k","userId":"u"}},"domainName":"d","domainPrefix":"p",
       "http":{"method":"POST","path":"/a/1","protocol":"HTTP/1.1","sourceIp":"192.0.2.1","userAgent":"t"},
       "requestId":"r-1","routeKey":"POST /a/{b}","stage":"$default","time":"now","timeEpoch":1795435200000,"new":{}},
       "body":"hi","isBase64Encoded":true,"somethingNew":[1]}""";

  static final String REST_EVENT =
      """
      {"version":"1.0","resource":"/a","path":"/a","httpMethod":"GET","headers":{"a":"1"},"multiValueHeaders":{"a":["1","2"]},
       "queryStringParameters":null,"pathParameters":{"b":"1"},"requestContext":{"accountId":"1","requestId":"r-1",
       "identity":{"sourceIp":"192.0.2.1","userAgent":"t"},"httpMethod":"GET","requestTimeEpoch":1},"body":null,
       "isBase64Encoded":false}""";

  static final String BALANCER_EVENT =
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

  private BeanSamples() {}
}
