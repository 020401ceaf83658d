package lpradapter

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"strconv"

	"github.com/aws/aws-lambda-go/events"
)

// Response is what a handler may return where the types of aws-lambda-go are not enough: its body may be bytes or a
// stream, its headers may repeat.
//
// Handlers may return as well: the responses of package events for HTTP APIs, REST APIs, load balancers and function
// URLs; text, sent as it is with content type application/json; bytes or an [io.Reader], sent as
// application/octet-stream; anything else that has JSON. If that JSON is an object with statusCode it is a response, as
// in API Gateway; otherwise the JSON is the body.
type Response struct {
	// StatusCode is from 200 to 999; 0 stands for 200.
	StatusCode int
	// Header may hold several values of a name. Set-Cookie becomes a cookie.
	Header  http.Header
	Cookies []string
	Body    Body
	// IsBase64Encoded says that the text of the body, or each piece of it, is base64. Bytes need no flag.
	IsBase64Encoded bool
}

// MarshalJSON gives the response in API Gateway's format 2.0, with all of its body: for events that are no batch.
func (r Response) MarshalJSON() ([]byte, error) {
	answer, err := r.answer()
	if err != nil {
		return nil, err
	}
	whole, err := answer.body.collect()
	if err != nil {
		return nil, err
	}
	return marshal(struct {
		head
		encodedBody
	}{answer.head, whole.encode()})
}

// answer is a response in the adapter's own terms.
type answer struct {
	head head
	body *openBody
}

// head is status and headers as the router takes them. A name in MultiValueHeaders wins over the same name in Headers.
type head struct {
	StatusCode        int                 `json:"statusCode"`
	Headers           map[string]string   `json:"headers"`
	MultiValueHeaders map[string][]string `json:"multiValueHeaders,omitempty"`
	Cookies           []string            `json:"cookies,omitempty"`
}

// readAnswer makes an answer of whatever a handler returned.
func readAnswer(value any) (*answer, error) {
	if known, ok := knownResponse(value); ok {
		return known.answer()
	}
	switch v := value.(type) {
	case map[string]any:
		return fromMap(v)
	case string:
		return inferred("application/json", Text(v))
	case []byte:
		return inferred("application/octet-stream", Bytes(v))
	case Body:
		return inferred("application/octet-stream", v)
	case io.Reader:
		return inferred("application/octet-stream", Reader(v))
	default:
		return fromJSON(v)
	}
}

// answer opens the body first: a stream must be closed even if the head turns out to be bad.
func (r Response) answer() (*answer, error) {
	if r.StatusCode == 0 {
		r.StatusCode = http.StatusOK
	}
	return structured(fields{status: r.StatusCode, multi: map[string][]string(r.Header), cookies: r.Cookies, body: r.Body, base64: r.IsBase64Encoded})
}

// fields are the parts of a response, of whatever types they came.
type fields struct {
	status, headers, multi, cookies any
	body                            Body
	base64                          bool
}

func structured(f fields) (*answer, error) {
	opened, err := f.body.open(f.base64)
	if err != nil {
		return nil, err
	}
	status, err := readStatus(f.status)
	if err == nil {
		var read head
		if read, err = readHead(f.headers, f.multi, f.cookies); err == nil {
			read.StatusCode = status
			return &answer{read, opened}, nil
		}
	}
	opened.close()
	return nil, err
}

func inferred(contentType string, body Body) (*answer, error) {
	opened, err := body.open(false)
	if err != nil {
		return nil, err
	}
	return &answer{head{StatusCode: 200, Headers: map[string]string{"content-type": contentType}}, opened}, nil
}

// fromMap may find in a map what JSON cannot say: a body of bytes, or a stream. Such a map is a response without a
// status as well, as it can mean nothing else.
func fromMap(m map[string]any) (*answer, error) {
	body, isRaw := bodyOf(m["body"])
	if m["statusCode"] == nil && !isRaw {
		return fromJSON(m)
	}
	f := fields{status: m["statusCode"], headers: m["headers"], multi: m["multiValueHeaders"], cookies: m["cookies"], body: body}
	if f.status == nil {
		f.status = http.StatusOK
	}
	f.base64 = m["isBase64Encoded"] == true || m["isBase64Encoded"] == "true"
	return structured(f)
}

func fromJSON(value any) (*answer, error) {
	encoded, err := marshal(value)
	if err != nil {
		return nil, err
	}
	decoder := json.NewDecoder(bytes.NewReader(encoded))
	decoder.UseNumber()
	var decoded any
	if err := decoder.Decode(&decoded); err != nil {
		return nil, err
	}
	switch v := decoded.(type) {
	case string:
		return inferred("application/json", Text(v))
	case map[string]any:
		if v["statusCode"] != nil {
			return fromMap(v)
		}
	}
	return inferred("application/json", Text(string(encoded)))
}

// knownResponse reads the types for responses that handlers of aws-lambda-go return.
func knownResponse(value any) (response, bool) {
	switch v := value.(type) {
	case Response:
		return v, true
	case *Response:
		return v, v != nil
	case events.APIGatewayV2HTTPResponse:
		return fields{v.StatusCode, v.Headers, v.MultiValueHeaders, v.Cookies, Text(v.Body), v.IsBase64Encoded}, true
	case events.APIGatewayProxyResponse:
		return fields{v.StatusCode, v.Headers, v.MultiValueHeaders, nil, Text(v.Body), v.IsBase64Encoded}, true
	case events.ALBTargetGroupResponse:
		return fields{v.StatusCode, v.Headers, v.MultiValueHeaders, nil, Text(v.Body), v.IsBase64Encoded}, true
	case events.LambdaFunctionURLResponse:
		return fields{v.StatusCode, v.Headers, nil, v.Cookies, Text(v.Body), v.IsBase64Encoded}, true
	case *events.APIGatewayV2HTTPResponse:
		return pointee(v)
	case *events.APIGatewayProxyResponse:
		return pointee(v)
	case *events.ALBTargetGroupResponse:
		return pointee(v)
	case *events.LambdaFunctionURLResponse:
		return pointee(v)
	case *events.LambdaFunctionURLStreamingResponse:
		return fields{orOK(v.StatusCode), v.Headers, nil, v.Cookies, Reader(v.Body), false}, true
	case *events.APIGatewayProxyStreamingResponse:
		return fields{orOK(v.StatusCode), v.Headers, v.MultiValueHeaders, v.Cookies, Reader(v.Body), false}, true
	default:
		return nil, false
	}
}

type response interface{ answer() (*answer, error) }

func (f fields) answer() (*answer, error) { return structured(f) }

func pointee[T any](pointer *T) (response, bool) {
	if pointer == nil {
		return nil, false
	}
	return knownResponse(*pointer)
}

// orOK is the default of the streaming responses of aws-lambda-go.
func orOK(status int) int {
	if status == 0 {
		return http.StatusOK
	}
	return status
}

var threeDigits = regexp.MustCompile(`^\d{3}$`)

// readStatus takes whole numbers, and three digits as text.
func readStatus(value any) (int, error) {
	status := -1
	switch v := value.(type) {
	case int:
		status = v
	case float64:
		if v == float64(int(v)) {
			status = int(v)
		}
	case json.Number:
		if parsed, err := v.Float64(); err == nil && parsed == float64(int(parsed)) {
			status = int(parsed)
		}
	case string:
		if threeDigits.MatchString(v) {
			status, _ = strconv.Atoi(v)
		}
	}
	if status < 200 || status > 999 {
		return 0, fmt.Errorf("statusCode: expected a whole number from 200 to 999, got %v", value)
	}
	return status, nil
}

// marshal gives JSON that escapes nothing for the sake of HTML.
func marshal(value any) ([]byte, error) {
	var buffer bytes.Buffer
	encoder := json.NewEncoder(&buffer)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(buffer.Bytes(), []byte("\n")), nil
}
