package io.github.lambdaparallelrouter.adapter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.StringWriter;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is published, and what its README and example promise. */
class PackageTest {
  private static final String EVENT =
      """
      {"v":1,"meta":{},"batch":[{"requestContext":{"requestId":"a"},"pathParameters":{"id":"1"}},
       {"requestContext":{"requestId":"b"},"pathParameters":{"id":"9"}}]}""";

  @TempDir Path classes;

  private static final class Source extends SimpleJavaFileObject {
    private final String text;

    Source(String className, String text) {
      super(URI.create("string:///" + className.replace('.', '/') + ".java"), Kind.SOURCE);
      this.text = text;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return text;
    }
  }

  @Test
  void theVersionIsThatOfTheRepository() throws Exception {
    Matcher version =
        Pattern.compile("<version>(.*?)</version>").matcher(Files.readString(Path.of("pom.xml")));
    assertTrue(version.find());
    assertEquals(Files.readString(Path.of("../../VERSION")).strip(), version.group(1));
  }

  @Test
  void nothingButTheInterfacesOfLambdaIsNeededAtRunTime() throws Exception {
    String dependencies = Files.readString(Path.of("pom.xml")).split("<build>")[0];
    assertFalse(
        dependencies.contains("<scope>compile</scope>")
            || dependencies.contains("<scope>runtime</scope>"));
    assertEquals(dependencies.split("<dependency>").length, dependencies.split("<scope>").length);
  }

  @Test
  void everyJavaExampleInTheReadmeCompiles() throws Exception {
    Matcher block =
        Pattern.compile("```java\n(.*?)```", Pattern.DOTALL)
            .matcher(Files.readString(Path.of("README.md")));
    int count = 0;
    while (block.find()) {
      count++;
      Matcher name = Pattern.compile("public (?:final )?class (\\w+)").matcher(block.group(1));
      assertTrue(name.find(), block.group(1));
      compile(name.group(1), block.group(1));
    }
    assertTrue(count >= 3, count + " examples");
  }

  @Test
  void theFirstExampleAnswersABatch() throws Exception {
    String readme = Files.readString(Path.of("README.md"));
    Matcher block = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL).matcher(readme);
    assertTrue(block.find());
    String answer = invoke(compile("Orders", block.group(1)));
    assertTrue(
        answer.contains("\"body\":\"order 1\"") && answer.contains("\"body\":\"order 9\""), answer);
  }

  @Test
  void theExampleFunctionAnswersABatch() throws Exception {
    Path source = Path.of("example/src/main/java/orders/GetOrder.java");
    String answer = invoke(compile("orders.GetOrder", Files.readString(source)));
    assertTrue(answer.contains("\"statusCode\":200") && answer.contains("tea"), answer);
    assertTrue(answer.contains("\"statusCode\":404"), answer);
    assertTrue(
        Files.readString(Path.of("example/template.yaml")).contains("Handler: orders.GetOrder\n"));
  }

  private Class<?> compile(String className, String text) throws Exception {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter problems = new StringWriter();
    List<String> options =
        List.of("-d", classes.toString(), "--release", "17", "-Xlint:all", "-Werror");
    List<JavaFileObject> sources = List.of(new Source(className, text));
    assertTrue(
        compiler.getTask(problems, null, null, options, null, sources).call(), problems.toString());
    URL[] urls = {classes.toUri().toURL()};
    return new URLClassLoader(urls, getClass().getClassLoader()).loadClass(className);
  }

  private static String invoke(Class<?> handler) throws Exception {
    ByteArrayOutputStream output = new ByteArrayOutputStream();
    ByteArrayInputStream input = new ByteArrayInputStream(EVENT.getBytes(StandardCharsets.UTF_8));
    Object function = handler.getDeclaredConstructor().newInstance();
    ((RequestStreamHandler) function).handleRequest(input, output, new TestContext());
    return output.toString(StandardCharsets.UTF_8);
  }
}
