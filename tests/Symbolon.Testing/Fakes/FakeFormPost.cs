using System.Text;
using Symbolon.Core.Outbound;

namespace Symbolon.Testing.Fakes;

/// <summary>A token endpoint that gives a token to everybody, another one each time, unless the test says what it answers.</summary>
public sealed class FakeFormPost : IFormPost
{
    private readonly Lock gate = new();
    private readonly List<Posted> requests = [];

    /// <summary>What it answers; null for a token of five minutes.</summary>
    public Func<Posted, FormAnswer>? Answer { get; set; }

    /// <summary>Happens while an answer is on its way.</summary>
    public Func<Task>? Meanwhile { get; set; }

    public IReadOnlyList<Posted> Requests
    {
        get
        {
            lock (gate) return [.. requests];
        }
    }

    public static FormAnswer Json(string json, int status = 200) => new FormAnswer.Answered(status, Encoding.UTF8.GetBytes(json));

    public async Task<FormAnswer> PostAsync(Uri url, IReadOnlyList<KeyValuePair<string, string>> form, string? authorization, int mostBytes, CancellationToken cancellation)
    {
        Posted posted;
        int number;
        lock (gate)
        {
            posted = new Posted(url.OriginalString, form.ToDictionary(field => field.Key, field => field.Value), authorization);
            requests.Add(posted);
            number = requests.Count;
        }
        if (Meanwhile is { } meanwhile) await meanwhile();
        return Answer is { } answer ? answer(posted) : Json($$"""{"access_token":"foreign-token-{{number}}","token_type":"Bearer","expires_in":300}""");
    }

    public Task<FormAnswer> PostJsonAsync(Uri url, ReadOnlyMemory<byte> json, IReadOnlyList<KeyValuePair<string, string>> headers, int mostBytes, CancellationToken cancellation) =>
        PostAsync(url, [new("json", Encoding.UTF8.GetString(json.Span)), .. headers], headers.FirstOrDefault(header => header.Key == "Authorization").Value, mostBytes, cancellation).WaitAsync(cancellation);

    public sealed record Posted(string Url, IReadOnlyDictionary<string, string> Form, string? Authorization)
    {
        public bool IsOfGateway => Form["grant_type"] == "client_credentials";
    }
}
