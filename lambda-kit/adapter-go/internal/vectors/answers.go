package vectors

import (
	"net/http"

	"github.com/aws/aws-lambda-go/events"

	lpradapter "github.com/lambda-parallel-router/lambda-parallel-router/lambda-kit/adapter-go"
)

// response gives a map for what is meant as a response, and the object itself, with its order, for what is sent as JSON.
func response(o object) any {
	status, hasStatus := o.get("statusCode")
	body, _ := o.get("body")
	if hasStatus && status != nil || isRaw(body) {
		return o.toMap()
	}
	return o
}

func isRaw(body any) bool {
	switch body.(type) {
	case []byte, lpradapter.Body:
		return true
	default:
		return false
	}
}

// typed gives the response type that says the same as the map, or the map if none does.
func typed(value any) any {
	m, isMap := value.(map[string]any)
	status, isWhole := m["statusCode"].(int)
	headers, areText := textMap(m["headers"])
	cookies, areCookies := textList(m["cookies"])
	if !isMap || !isWhole || !areText || !areCookies || m["multiValueHeaders"] != nil {
		return value
	}
	flag, _ := m["isBase64Encoded"].(bool)
	rich := lpradapter.Response{StatusCode: status, Header: headerOf(headers), Cookies: cookies, IsBase64Encoded: flag}
	switch body := m["body"].(type) {
	case nil:
		return events.LambdaFunctionURLResponse{StatusCode: status, Headers: headers, Cookies: cookies}
	case string:
		return events.APIGatewayV2HTTPResponse{
			StatusCode: status, Headers: headers, Cookies: cookies, Body: body, IsBase64Encoded: flag,
		}
	case []byte:
		rich.Body = lpradapter.Bytes(body)
		return rich
	case lpradapter.Body:
		rich.Body = body
		return &rich
	default:
		return value
	}
}

func headerOf(headers map[string]string) http.Header {
	header := http.Header{}
	for name, value := range headers {
		header.Add(name, value)
	}
	return header
}

func textMap(value any) (map[string]string, bool) {
	if value == nil {
		return nil, true
	}
	m, ok := value.(map[string]any)
	texts := make(map[string]string, len(m))
	for key, one := range m {
		text, isText := one.(string)
		ok = ok && isText
		texts[key] = text
	}
	return texts, ok
}

func textList(value any) ([]string, bool) {
	if value == nil {
		return nil, true
	}
	list, ok := value.([]any)
	texts := make([]string, len(list))
	for index, one := range list {
		text, isText := one.(string)
		ok = ok && isText
		texts[index] = text
	}
	return texts, ok
}
