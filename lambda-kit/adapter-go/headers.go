package lpradapter

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// entry is one header with all of its values. The name is as the handler wrote it.
type entry struct {
	name   string
	values []string
}

// readHead reads the header maps and cookies of a response. Names that differ only by case are one name, where both
// maps have it the multi-value map wins as in API Gateway, and set-cookie moves to the cookies.
func readHead(headers, multi, cookies any) (head, error) {
	entries, err := entriesOf(headers)
	if err != nil {
		return head{}, err
	}
	winners, err := entriesOf(multi)
	if err != nil {
		return head{}, err
	}
	maps.Copy(entries, winners)
	all, err := readCookies(cookies)
	if err != nil {
		return head{}, err
	}
	all = append(all, entries["set-cookie"].values...)
	delete(entries, "set-cookie")
	read := toMaps(entries)
	read.Cookies = all
	return read, nil
}

func entriesOf(given any) (map[string]entry, error) {
	entries := map[string]entry{}
	named := anyMap(given)
	if named == nil && given != nil {
		return nil, fmt.Errorf("headers: expected a map of values, got %T", given)
	}
	// A map has no order, so that of the names makes the outcome the same every time.
	for _, name := range slices.Sorted(maps.Keys(named)) {
		values, err := texts(named[name])
		if err != nil {
			return nil, fmt.Errorf("header %s: %w", name, err)
		}
		key := strings.ToLower(name)
		if same, ok := entries[key]; ok {
			entries[key] = entry{same.name, append(same.values, values...)}
		} else if len(values) > 0 {
			entries[key] = entry{name, values}
		}
	}
	return entries, nil
}

// toMaps writes every value into Headers too, joined as HTTP allows for lists, for a router that knows no other map.
func toMaps(entries map[string]entry) head {
	read := head{Headers: make(map[string]string, len(entries))}
	for _, one := range entries {
		read.Headers[one.name] = strings.Join(one.values, ", ")
		if len(one.values) > 1 {
			if read.MultiValueHeaders == nil {
				read.MultiValueHeaders = map[string][]string{}
			}
			read.MultiValueHeaders[one.name] = one.values
		}
	}
	return read
}

func readCookies(given any) ([]string, error) {
	values, err := texts(given)
	if err != nil {
		return nil, fmt.Errorf("cookies: %w", err)
	}
	var cookies []string
	for _, value := range values {
		if cookie := strings.TrimSpace(value); cookie != "" {
			cookies = append(cookies, cookie)
		}
	}
	return cookies, nil
}

// anyMap gives a map of any of the types that headers come in; nil for anything else.
func anyMap(given any) map[string]any {
	switch m := given.(type) {
	case map[string]any:
		return m
	case map[string]string:
		return widened(m)
	case map[string][]string:
		return widened(m)
	}
	return nil
}

func widened[V any](m map[string]V) map[string]any {
	wide := make(map[string]any, len(m))
	for key, value := range m {
		wide[key] = value
	}
	return wide
}

// texts gives the values of a header or the cookies; nil stands for none.
func texts(given any) ([]string, error) {
	switch v := given.(type) {
	case nil:
		return nil, nil
	case []string:
		return v, nil
	case []any:
		var values []string
		for _, one := range v {
			several, err := texts(one)
			if err != nil {
				return nil, err
			}
			values = append(values, several...)
		}
		return values, nil
	case string:
		return []string{v}, nil
	case bool:
		return []string{strconv.FormatBool(v)}, nil
	case json.Number:
		return []string{v.String()}, nil
	case int, float64:
		return []string{fmt.Sprint(v)}, nil
	default:
		return nil, fmt.Errorf("expected text, a number or a boolean, got %T", given)
	}
}
