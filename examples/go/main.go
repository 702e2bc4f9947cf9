// A backend in Go: opens a session for a page and sends it a message.
//
//	API_URL=http://127.0.0.1:4000 AWS_REGION=us-east-1 AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local go run .
package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/aws/aws-sdk-go-v2/config"
)

// Session is what a page needs of its session.
type Session struct {
	AccountID    int64  `json:"accountId"`
	SessionID    string `json:"sessionId"`
	UserID       *int64 `json:"userId,omitempty"`
	SqsURL       string `json:"sqsUrl"`
	AccessKey    string `json:"accessKey"`
	SecretKey    string `json:"secretKey"`
	SessionToken string `json:"sessionToken"`
	Expires      int64  `json:"expires"`
}

// APIError is what the API answered instead.
type APIError struct {
	Status  int    `json:"-"`
	Name    string `json:"error"`
	Message string `json:"message"`
}

func (e *APIError) Error() string { return fmt.Sprintf("%d %s: %s", e.Status, e.Name, e.Message) }

// Client calls the API, signed for IAM.
type Client struct {
	url    string
	aws    aws.Config
	signer *v4.Signer
	http   *http.Client
}

// Call encodes the segments of the path, and decodes the answer into result.
func (c *Client) Call(ctx context.Context, result any, body any, path ...string) error {
	segments := []string{c.url}
	for _, segment := range path {
		segments = append(segments, url.PathEscape(segment))
	}
	var data []byte
	if body != nil {
		var err error
		if data, err = json.Marshal(body); err != nil {
			return err
		}
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, strings.Join(segments, "/"), bytes.NewReader(data))
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/json")
	credentials, err := c.aws.Credentials.Retrieve(ctx)
	if err != nil {
		return err
	}
	hash := sha256.Sum256(data)
	if err := c.signer.SignHTTP(ctx, credentials, request, hex.EncodeToString(hash[:]), "execute-api", c.aws.Region, time.Now()); err != nil {
		return err
	}
	answer, err := c.http.Do(request)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		failure := &APIError{Status: answer.StatusCode}
		if err := json.NewDecoder(answer.Body).Decode(failure); err != nil {
			return err
		}
		return failure
	}
	return json.NewDecoder(answer.Body).Decode(result)
}

func run(ctx context.Context) error {
	configuration, err := config.LoadDefaultConfig(ctx)
	if err != nil {
		return err
	}
	client := &Client{
		url:    strings.TrimRight(os.Getenv("API_URL"), "/"), // the stack's output ApiUrl
		aws:    configuration,
		signer: v4.NewSigner(),
		http:   &http.Client{Timeout: 30 * time.Second},
	}
	account, sessionID, user := "12345", "go/session 1", "7"

	var session Session
	if err := client.Call(ctx, &session, nil, "create", account, sessionID, user); err != nil {
		return err
	}
	fmt.Println("created", session.SessionID)

	var notified struct{ Sessions, Delivered int }
	message := map[string]string{"msg": "Hello from Go"}
	if err := client.Call(ctx, &notified, message, "notify", account, "user", user); err != nil {
		return err
	}
	fmt.Println("delivered", notified.Delivered, "of", notified.Sessions)

	// Up to 500 events in a call. One with the same idempotencyKey is sent once in five minutes, so a call can be repeated.
	events := map[string]any{"events": []any{
		map[string]any{"message": map[string]any{"accountId": 12345, "msg": "One"}, "idempotencyKey": fmt.Sprint("go-", session.Expires)},
		map[string]any{"message": map[string]any{"accountId": 12345, "userId": 7, "msg": "Two"}},
	}}
	var published struct {
		NotTaken int
		Results  []struct{ Status, MessageID, Error, Message string }
	}
	if err := client.Call(ctx, &published, events, "publish"); err != nil {
		return err
	}
	for _, result := range published.Results {
		if result.Error != "" { // Status is "rejected": it is wrong; "failed": publish it again
			return fmt.Errorf("not sent: %s", result.Message)
		}
	}
	fmt.Println("published", len(published.Results))

	var destroyed struct{ Destroyed bool }
	if err := client.Call(ctx, &destroyed, nil, "destroy", account, sessionID); err != nil {
		return err
	}
	fmt.Println("destroyed", destroyed.Destroyed)

	var gone *APIError
	if err := client.Call(ctx, &session, nil, "renew", account, sessionID); errors.As(err, &gone) {
		fmt.Println("gone", gone.Status, gone.Name)
	}
	return nil
}

func main() {
	if err := run(context.Background()); err != nil {
		log.Fatal(err)
	}
}
