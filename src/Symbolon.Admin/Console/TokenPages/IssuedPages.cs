using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http;
using Symbolon.Admin.Clients;
using Symbolon.Admin.Console.Forms;
using Symbolon.Admin.Console.Layout;
using Symbolon.Admin.Console.Sessions;
using Symbolon.Admin.Tokens;
using Symbolon.AuthorizationServer.PastedTokens;
using Symbolon.Core;
using Symbolon.Core.Snapshot;

namespace Symbolon.Admin.Console.TokenPages;

/// <summary>One client's text for all servers of a token.</summary>
public sealed record ClientText(McpClient Client, string Text);

/// <summary>
/// The one page that shows a secret: the answer to the form that made it. It is in no other page, so no address leads back to it, and
/// the form sent again leads to the token's own page. See docs/adr/0011.
/// </summary>
internal sealed class IssuedPages(TokenTools tools, FirstCalls calls, Configuration configuration, IPublicAddresses known, TimeProvider clock)
{
    public async Task<IResult> ShowAsync(HttpContext http, IAntiforgery forms, IssuedToken issued, bool isRotated)
    {
        var token = TokenResponses.Of(issued, configuration.Epochs, clock.Microseconds(), known);
        // It is issued: from here on nothing may keep the secret from who asked for it.
        var (head, found) = await LookAsync(issued);
        return ConsolePages.Page<CreatedPage>(http, forms, new()
        {
            ["Token"] = token,
            ["Tools"] = found,
            ["Texts"] = McpClient.All.Select(client => new ClientText(client, ClientConfig.TextOf(client, [.. token.Servers.Select(server => (server.Name, $"{known.Origins[0]}/t/mcp/{server.Name}"))]))).ToList(),
            ["First"] = new FirstCall(null, head),
            ["IsRotated"] = isRotated,
            ["Now"] = clock.GetUtcNow(),
        });
    }

    /// <summary>The form was sent before.</summary>
    public static IResult Again(HttpContext http, string made) => ConsolePages.Done(http, made, new Notice("This form was sent before", made == OneTimeForms.Unknown
        ? "The node that took it never said what came of it, and nothing was done again. Look at the newest tokens: one that nobody has the secret of is rotated or revoked."
        : "Its secret was in the first answer, and is shown once. If nobody has it, rotate the token.") { IsRefusal = true });

    private async Task<(long Head, IReadOnlyList<TokenToolResponse> Tools)> LookAsync(IssuedToken issued)
    {
        try
        {
            return (await calls.HeadAsync(issued.Token.Organisation, CancellationToken.None), await tools.ReadAsync(issued.Token, CancellationToken.None));
        }
        catch (StoreUnavailableException)
        {
            return (0, []);
        }
    }
}
