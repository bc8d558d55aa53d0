using System.Text;
using Symbolon.Client.Http;
using Symbolon.Jose;

namespace Symbolon.Client.Credentials;

/// <summary>The tokens that the callers' tokens were exchanged for, by the hash of what came: a call that asks the API three times exchanges once.</summary>
/// <param name="most">Kept tokens; past it those go that have ended, then any.</param>
internal sealed class ExchangedTokens(Func<string, TraceContext?, CancellationToken, Task<TokenAnswer>> ask, TimeProvider clock, int most = 1024)
{
    private readonly Lock gate = new();
    private readonly Dictionary<Sha256Value, Task<TokenAnswer>> tokens = [];

    /// <param name="trace">Of the call; where several share a token, the first one's is named to Symbolon.</param>
    /// <exception cref="SymbolonException">The exchange was refused; then nothing is to be done for this caller.</exception>
    public async ValueTask<IssuedToken> GetAsync(string subject, TraceContext? trace, CancellationToken cancellation)
    {
        var of = Sha256Value.Of(Encoding.UTF8.GetBytes(subject));
        Task<TokenAnswer> asked;
        lock (gate)
        {
            if (!tokens.TryGetValue(of, out asked!) || IsOver(asked))
            {
                if (tokens.Count >= most) MakeRoom();
                // Nobody's cancellation ends it: others of the same call wait for it too.
                tokens[of] = asked = Task.Run(() => ask(subject, trace, CancellationToken.None));
            }
        }
        var answer = await asked.WaitAsync(cancellation);
        if (answer is TokenAnswer.Granted granted) return granted.Token;
        throw ((TokenAnswer.Refused)answer).Why.ToException();
    }

    /// <summary>The API does not take this token.</summary>
    public void Forget(string subject)
    {
        lock (gate) tokens.Remove(Sha256Value.Of(Encoding.UTF8.GetBytes(subject)));
    }

    private bool IsOver(Task<TokenAnswer> asked) =>
        asked.IsCompleted && !(asked.IsCompletedSuccessfully && asked.GetAwaiter().GetResult() is TokenAnswer.Granted granted && granted.Token.IsUsable(clock));

    private void MakeRoom()
    {
        foreach (var over in tokens.Where(each => IsOver(each.Value)).Select(each => each.Key).ToList()) tokens.Remove(over);
        foreach (var any in tokens.Keys.Take(tokens.Count - most + 1).ToList()) tokens.Remove(any);
    }
}
