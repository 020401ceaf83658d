package io.github.lambdaparallelrouter.adapter.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.lambda.thirdparty.com.fasterxml.jackson.core.JsonProcessingException;
import com.amazonaws.lambda.thirdparty.com.fasterxml.jackson.databind.DeserializationFeature;
import com.amazonaws.lambda.thirdparty.com.fasterxml.jackson.databind.ObjectMapper;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Reader and writer, also against the parser that Lambda's own serializer uses. */
class JsonTest {
  private static final int SAMPLES = 5000;

  private static final ObjectMapper JACKSON =
      new ObjectMapper()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

  @Test
  void whatIsWrittenIsReadAgain() {
    for (long seed = 0; seed < SAMPLES; seed++) {
      Object value = new JsonSamples(seed).value(4);
      String text = JsonWriter.write(value);
      assertEquals(value, JsonReader.read(text.getBytes(StandardCharsets.UTF_8)), "seed " + seed);
    }
  }

  @Test
  void whatIsWrittenMeansTheSameToAnotherParser() throws JsonProcessingException {
    for (long seed = 0; seed < SAMPLES; seed++) {
      String text = JsonWriter.write(new JsonSamples(seed).value(4));
      assertEquals(
          JACKSON.readTree(text),
          JACKSON.readTree(JsonWriter.write(JsonReader.read(text))),
          "seed " + seed);
    }
  }

  @Test
  void takesAndRefusesTheSameTextsAsAnotherParser() {
    int refused = 0;
    for (long seed = 0; seed < SAMPLES; seed++) {
      JsonSamples samples = new JsonSamples(seed);
      String text = samples.mutated(JsonWriter.write(List.of("a", samples.value(3) == null)));
      boolean isTaken = accepts(text);
      assertEquals(isTakenByJackson(text), isTaken, "seed " + seed + ": " + text);
      refused += isTaken ? 0 : 1;
    }
    assertTrue(refused > SAMPLES / 10 && refused < SAMPLES, refused + " refused");
  }

  private static boolean accepts(String text) {
    try {
      JsonReader.read(text);
      return true;
    } catch (JsonException e) {
      return false;
    }
  }

  private static boolean isTakenByJackson(String text) {
    try {
      return !JACKSON.readTree(text).isMissingNode();
    } catch (JsonProcessingException e) {
      return false;
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "nul",
        "truex",
        "[1,]",
        "{\"a\":1,}",
        "{a:1}",
        "{\"a\" 1}",
        "[1 2]",
        "01",
        "-",
        "+1",
        "1.",
        ".5",
        "1e",
        "1e+",
        "NaN",
        "Infinity",
        "'a'",
        "\"a",
        "\"\\x\"",
        "\"\\u12g4\"",
        "\"\\u\u0661234\"",
        "\"\t\"",
        "\u0000",
        "[",
        "{\"a\":",
        "1 2",
        "/**/1",
        "\ufeff1"
      })
  void refusesWhatIsNoJson(String text) {
    String message = assertThrows(JsonException.class, () -> JsonReader.read(text)).getMessage();
    assertTrue(message.matches("(?s)JSON at \\d+: expected .*, got .*"), message);
  }

  @Test
  void refusesBytesThatAreNoUtf8() {
    assertThrows(JsonException.class, () -> JsonReader.read(new byte[] {'"', (byte) 0xc3, '"'}));
    assertThrows(
        JsonException.class,
        () -> JsonReader.read(new byte[] {'"', (byte) 0xed, (byte) 0xa0, (byte) 0x80, '"'}));
  }

  @Test
  void numbersKeepTheirValue() {
    assertEquals(
        Arrays.asList(0, -1, 2147483648L, new BigInteger("9223372036854775808"), 0.1, 1.5e300),
        JsonReader.read("[0,-1,2147483648,9223372036854775808,0.1,1.5e300]"));
    for (String text :
        List.of("0.1000000000000000055", "1e400", "1e-400", "123456789.12345678901")) {
      assertEquals(new BigDecimal(text), JsonReader.read(text));
    }
    assertEquals(
        "[-0.0,1E+400,1.0,100]",
        JsonWriter.write(List.of(-0.0, new BigDecimal("1e400"), 1f, (short) 100)));
  }

  @Test
  void numbersThatWouldTakeForeverAreRefused() {
    assertEquals(new BigInteger("9".repeat(1000)), JsonReader.read("9".repeat(1000)));
    assertThrows(JsonException.class, () -> JsonReader.read("9".repeat(1001)));
    assertThrows(JsonException.class, () -> JsonReader.read("1e1000000"));
    assertThrows(JsonException.class, () -> JsonReader.read("1e99999999999"));
  }

  @Test
  void nestingHasABound() {
    String deep = "[".repeat(JsonReader.MAX_DEPTH) + "]".repeat(JsonReader.MAX_DEPTH);
    assertEquals(deep, JsonWriter.write(JsonReader.read(deep)));
    assertThrows(JsonException.class, () -> JsonReader.read("[" + deep + "]"));
    assertThrows(JsonException.class, () -> JsonReader.read("{\"a\":".repeat(1_000_000)));
  }

  @Test
  void aCycleIsAnError() {
    List<Object> list = new java.util.ArrayList<>();
    list.add(list);
    assertThrows(JsonException.class, () -> JsonWriter.write(list));
  }

  @Test
  void halvesOfPairsAreReadAndWrittenAsReplacements() {
    assertEquals("\ud800", JsonReader.read("\"\\ud800\""));
    assertEquals("\ud83d\ude00", JsonReader.read("\"\\ud83d\\ude00\""));
    assertEquals("\"\ufffda\ufffd\ud83d\ude00\"", JsonWriter.write("\udc00a\ud800\ud83d\ude00"));
    for (long seed = 0; seed < SAMPLES; seed++) {
      String text = new JsonSamples(seed).anyText();
      String wellFormed = JsonWriter.wellFormed(text);
      assertEquals(wellFormed, JsonReader.read(JsonWriter.write(text)), "seed " + seed);
      byte[] utf8 = wellFormed.getBytes(StandardCharsets.UTF_8);
      assertEquals(wellFormed, new String(utf8, StandardCharsets.UTF_8), "seed " + seed);
    }
  }

  @Test
  void theLastOfSeveralMembersCounts() {
    assertEquals(Map.of("a", 2), JsonReader.read("{\"a\":1,\"a\":2}"));
  }

  @Test
  void numbersThatAreNoneHaveNoJson() {
    assertThrows(JsonException.class, () -> JsonWriter.write(Double.NaN));
    assertThrows(JsonException.class, () -> JsonWriter.write(Float.POSITIVE_INFINITY));
  }
}
