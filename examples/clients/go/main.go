// Reads Me, changes one field, shows a refused change, and goes on while a provider is down.
package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"strings"

	"github.com/Khan/genqlient/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

type loggedIn struct{ token string }

func (l loggedIn) RoundTrip(request *http.Request) (*http.Response, error) {
	request.Header.Set("authorization", "Bearer "+l.token)
	return http.DefaultTransport.RoundTrip(request)
}

func main() {
	client := graphql.NewClient(os.Getenv("GRAPHQL_URL"), &http.Client{Transport: loggedIn{"demo-ada"}})
	ctx := context.Background()

	// An error beside data: genqlient returns both, so look at what there is before giving up.
	me, err := Me(ctx, client)
	var told gqlerror.List
	if errors.As(err, &told) {
		for _, each := range told {
			fmt.Println("trouble", each.Path.String(), each.Extensions["code"])
		}
	} else if err != nil {
		panic(err)
	}
	if me == nil || me.Me == nil {
		panic("nobody is logged in")
	}
	fmt.Println("me", *me.Me.Name)

	change(ctx, client, UpdateMeInput{Timezone: text("Europe/London")})
	change(ctx, client, UpdateMeInput{Timezone: text("Mars/Olympus")})
}

func change(ctx context.Context, client graphql.Client, input UpdateMeInput) {
	answer, err := UpdateMe(ctx, client, input)
	if err != nil && strings.Contains(err.Error(), "unexpected concrete type") {
		// A type that is newer than the generated ones, which genqlient has no other word for. The change may have
		// happened: read me again.
		fmt.Println("something newer")
		return
	}
	if err != nil {
		panic(err)
	}
	switch result := (*answer.UpdateMe).(type) {
	case *UpdateMeUpdateMeUpdateMeSuccess:
		fmt.Println("changed", *result.User.Timezone, "| bio:", *result.User.Bio)
	case *UpdateMeUpdateMeUpdateMeInvalid:
		fmt.Println("refused", result.FieldErrors[0].Field)
	}
}

func text(value string) *string { return &value }
