package policy

import (
	"bytes"
	"compress/flate"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
)

// Schedule is a run's decisions as a value: with the same program it makes the same
// run again. It holds them all, or, where a policy with a seed made them, just that.
type Schedule struct {
	Policy string // that made them
	Seed   uint64 // of the machine
	Cores  int
	Slice  int64 // ns

	asks  asked
	data  []byte // the answers, varints in the order of the questions; nil: the seed alone decides
	notes []byte // what it noted: with each the number of the answer that followed, counted from the one before
}

// schedulePrefix names the form of the text; its number rises with a change.
const schedulePrefix = "s2."

// maxSchedule bounds what a token may unfold to, in bytes.
const maxSchedule = 1 << 26

// seededSuffix ends the token of a schedule that is its seed alone.
const seededSuffix = ".v1"

// String is the schedule as a token without spaces: "go.7.4.10ms.v1" for policy,
// seed, cores and slice, or "s2." and letters, digits, "-" and "_".
func (s *Schedule) String() string {
	if s.data == nil {
		return fmt.Sprintf("%s.%d.%d.%s%s", s.Policy, s.Seed, s.Cores, undotted(s.Slice), seededSuffix)
	}
	var head []byte
	head = binary.AppendUvarint(head, uint64(len(s.Policy)))
	head = append(head, s.Policy...)
	head = binary.AppendUvarint(head, s.Seed)
	head = binary.AppendUvarint(head, uint64(s.Cores))
	head = binary.AppendVarint(head, s.Slice)
	head = append(head, flag(s.asks.steps)|flag(s.asks.chooses)<<1|flag(s.asks.costs)<<2|flag(len(s.notes) > 0)<<3)
	if len(s.notes) > 0 {
		head = binary.AppendUvarint(head, uint64(len(s.notes)))
		head = append(head, s.notes...)
	}
	var b bytes.Buffer
	w, err := flate.NewWriter(&b, flate.BestCompression)
	if err == nil {
		_, err = w.Write(append(head, s.data...))
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil { // writing to memory does not fail
		panic(err)
	}
	return schedulePrefix + base64.RawURLEncoding.EncodeToString(b.Bytes())
}

// undotted is a time without a dot, which parts the fields of a token.
func undotted(ns int64) string {
	if text := time.Duration(ns).String(); !strings.Contains(text, ".") {
		return text
	}
	if ns%1000 == 0 {
		return strconv.FormatInt(ns/1000, 10) + "µs"
	}
	return strconv.FormatInt(ns, 10) + "ns"
}

func flag(b bool) byte {
	if b {
		return 1
	}
	return 0
}

// ParseSchedule reads a token.
func ParseSchedule(token string) (*Schedule, error) {
	token = strings.TrimSpace(token)
	if seeded, ok := strings.CutSuffix(token, seededSuffix); ok {
		return parseSeeded(seeded)
	}
	text, ok := strings.CutPrefix(token, schedulePrefix)
	if !ok {
		return nil, errors.New("policy: this is no token of this version, such as go.1.4.10ms.v1")
	}
	packed, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil {
		return nil, fmt.Errorf("policy: schedule: %w", err)
	}
	b, err := io.ReadAll(io.LimitReader(flate.NewReader(bytes.NewReader(packed)), maxSchedule+1))
	if err != nil {
		return nil, fmt.Errorf("policy: schedule: %w", err)
	}
	if len(b) > maxSchedule {
		return nil, fmt.Errorf("policy: schedule: it has more than %d MiB of decisions", maxSchedule>>20)
	}
	r := bytes.NewReader(b)
	n, err := binary.ReadUvarint(r)
	if err != nil || n > uint64(r.Len()) {
		return nil, errors.New("policy: schedule: no policy's name")
	}
	name := make([]byte, n)
	_, err = io.ReadFull(r, name)
	s := &Schedule{Policy: string(name)}
	for _, read := range []func() error{
		func() (err error) { s.Seed, err = binary.ReadUvarint(r); return err },
		func() error { c, err := binary.ReadUvarint(r); s.Cores = int(c); return err },
		func() (err error) { s.Slice, err = binary.ReadVarint(r); return err },
		func() error {
			b, err := r.ReadByte()
			s.asks = asked{b&1 != 0, b&2 != 0, b&4 != 0}
			if err != nil || b&8 == 0 {
				return err
			}
			n, err := binary.ReadUvarint(r)
			if err == nil && n > uint64(r.Len()) {
				err = io.ErrUnexpectedEOF
			}
			if err != nil {
				return err
			}
			s.notes = make([]byte, n)
			_, err = io.ReadFull(r, s.notes)
			return err
		},
	} {
		if err == nil {
			err = read()
		}
	}
	if err != nil || s.Cores < 1 || s.Cores > maxCores {
		return nil, errors.New("policy: schedule: cut off")
	}
	s.data = b[len(b)-r.Len():]
	return s, nil
}

// maxCores is how many cores a machine may have.
const maxCores = 1 << 10

// parseSeeded reads policy.seed.cores.slice, where the policy's name
// may have dots.
func parseSeeded(text string) (*Schedule, error) {
	parts := strings.Split(text, ".")
	n := len(parts) - 3
	if n < 1 {
		return nil, errors.New("policy: schedule: it takes policy, seed, cores and slice")
	}
	s := &Schedule{Policy: strings.Join(parts[:n], ".")}
	var err error
	if s.Seed, err = strconv.ParseUint(parts[n], 10, 64); err != nil {
		return nil, fmt.Errorf("policy: schedule: seed: %w", err)
	}
	if s.Cores, err = strconv.Atoi(parts[n+1]); err != nil || s.Cores < 1 || s.Cores > maxCores {
		return nil, fmt.Errorf("policy: schedule: %q cores", parts[n+1])
	}
	slice, err := time.ParseDuration(parts[n+2])
	if err != nil || slice <= 0 {
		return nil, fmt.Errorf("policy: schedule: slice %q", parts[n+2])
	}
	s.Slice = int64(slice)
	return s, nil
}
