package io.github.lambdaparallelrouter.adapter.vectors;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import io.github.lambdaparallelrouter.adapter.ItemContext;
import io.github.lambdaparallelrouter.adapter.ItemHandler;
import io.github.lambdaparallelrouter.adapter.Request;
import io.github.lambdaparallelrouter.adapter.Response;
import io.github.lambdaparallelrouter.adapter.internal.JsonReader;
import io.github.lambdaparallelrouter.adapter.internal.JsonWriter;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The script handler as each kind of handler that the adapter takes. */
final class ScriptHandlers {
  private ScriptHandlers() {}

  /** Takes maps and returns anything. */
  static final class OfMaps implements RequestHandler<Map<String, Object>, Object> {
    @Override
    public Object handleRequest(Map<String, Object> event, Context context) {
      return perform(event, context);
    }
  }

  /** Takes and returns the classes of aws-lambda-java-events. */
  static final class OfEvents
      implements RequestHandler<APIGatewayV2HTTPEvent, APIGatewayV2HTTPResponse> {
    @Override
    public APIGatewayV2HTTPResponse handleRequest(APIGatewayV2HTTPEvent event, Context context) {
      Map<?, ?> members = (Map<?, ?>) JsonReader.read(JsonWriter.write(event));
      Map<?, ?> value = (Map<?, ?>) perform(members, context);
      boolean isBytes = value.get("body") instanceof byte[];
      APIGatewayV2HTTPResponse response = new APIGatewayV2HTTPResponse();
      response.setStatusCode((Integer) value.get("statusCode"));
      response.setHeaders(mapOf(value.get("headers"), String.class));
      response.setMultiValueHeaders(mapOfLists(value.get("multiValueHeaders")));
      response.setCookies(listOf(value.get("cookies")));
      response.setBody(isBytes ? base64((byte[]) value.get("body")) : (String) value.get("body"));
      response.setIsBase64Encoded(isBytes || Boolean.TRUE.equals(value.get("isBase64Encoded")));
      return response;
    }
  }

  /** Takes and returns the adapter's own types. */
  static final class OfRequests implements ItemHandler {
    @Override
    public Response handle(Request request) throws Exception {
      Map<?, ?> value = (Map<?, ?>) Script.perform(request.event(), request.context());
      Response response = Response.of((Integer) value.get("statusCode"));
      Map<String, List<String>> several = mapOfLists(value.get("multiValueHeaders"));
      mapOf(value.get("headers"), String.class)
          .forEach(
              (name, text) -> {
                if (several.keySet().stream().noneMatch(name::equalsIgnoreCase)) {
                  response.header(name, text);
                }
              });
      several.forEach((name, texts) -> texts.forEach(text -> response.header(name, text)));
      listOf(value.get("cookies")).forEach(response::cookie);
      return withBody(
          response, value.get("body"), Boolean.TRUE.equals(value.get("isBase64Encoded")));
    }

    private static Response withBody(Response response, Object body, boolean isBase64) {
      if (body instanceof String text) {
        return isBase64 ? response.body(Base64.getDecoder().decode(text)) : response.body(text);
      }
      if (body instanceof Iterator<?> pieces) {
        return response.body(pieces);
      }
      return body == null ? response : response.body((byte[]) body);
    }
  }

  private static Object perform(Map<?, ?> event, Context context) {
    try {
      return Script.perform(event, (ItemContext) context);
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException(e.getMessage(), e);
    }
  }

  private static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }

  private static <T> Map<String, T> mapOf(Object value, Class<T> type) {
    Map<String, T> map = new LinkedHashMap<>();
    if (value instanceof Map<?, ?> members) {
      members.forEach((name, one) -> map.put((String) name, type.cast(one)));
    }
    return map;
  }

  private static Map<String, List<String>> mapOfLists(Object value) {
    Map<String, List<String>> map = new LinkedHashMap<>();
    mapOf(value, List.class).forEach((name, list) -> map.put(name, listOf(list)));
    return map;
  }

  private static List<String> listOf(Object value) {
    List<String> list = new ArrayList<>();
    if (value instanceof List<?> elements) {
      elements.forEach(element -> list.add(String.valueOf(element)));
    }
    return list;
  }
}
