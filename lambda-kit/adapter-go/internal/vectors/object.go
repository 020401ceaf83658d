package vectors

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// object is a JSON object that keeps the order of its members, as the texts that vectors expect have one.
type object []member

type member struct {
	key   string
	value any
}

// MarshalJSON writes the members in their order.
func (o object) MarshalJSON() ([]byte, error) {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	out.WriteByte('{')
	for index, m := range o {
		if index > 0 {
			out.WriteByte(',')
		}
		if err := encoder.Encode(m.key); err != nil {
			return nil, err
		}
		out.WriteByte(':')
		if err := encoder.Encode(m.value); err != nil {
			return nil, err
		}
	}
	out.WriteByte('}')
	return out.Bytes(), nil
}

func (o object) get(key string) (any, bool) {
	for _, m := range o {
		if m.key == key {
			return m.value, true
		}
	}
	return nil, false
}

// toMap makes maps of the object and of the objects right in it.
func (o object) toMap() map[string]any {
	m := make(map[string]any, len(o))
	for _, one := range o {
		m[one.key] = one.value
		if inner, ok := one.value.(object); ok && one.key != "body" {
			m[one.key] = inner.toMap()
		}
	}
	return m
}

// parse reads JSON into objects, []any, text, int, float64, bool and nil.
func parse(text string) (any, error) {
	decoder := json.NewDecoder(bytes.NewReader([]byte(text)))
	decoder.UseNumber()
	return parseValue(decoder)
}

func parseValue(decoder *json.Decoder) (any, error) {
	token, err := decoder.Token()
	if err != nil {
		return nil, err
	}
	switch t := token.(type) {
	case json.Delim:
		if t == '[' {
			return parseList(decoder)
		}
		return parseObject(decoder)
	case json.Number:
		if whole, err := t.Int64(); err == nil {
			return int(whole), nil
		}
		return t.Float64()
	default:
		return token, nil
	}
}

func parseList(decoder *json.Decoder) (any, error) {
	list := []any{}
	for decoder.More() {
		value, err := parseValue(decoder)
		if err != nil {
			return nil, err
		}
		list = append(list, value)
	}
	_, err := decoder.Token()
	return list, err
}

func parseObject(decoder *json.Decoder) (any, error) {
	o := object{}
	for decoder.More() {
		key, err := decoder.Token()
		if err != nil {
			return nil, err
		}
		value, err := parseValue(decoder)
		if err != nil {
			return nil, err
		}
		o = append(o, member{fmt.Sprint(key), value})
	}
	_, err := decoder.Token()
	return o, err
}
