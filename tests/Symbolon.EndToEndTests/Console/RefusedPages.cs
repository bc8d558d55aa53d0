namespace Symbolon.EndToEndTests.Console;

/// <summary>Forms that were refused, with what is wrong beside each field.</summary>
internal static class RefusedPages
{
    private const int Unprocessable = 422;

    private const string Wrong = "apiVersion: symbolon/v1\nkind: Policy\nmetadata: { name: Refunds }\nspec:\n  rules:\n    - { name: large, servers: [payments], tools: [refund], decision: require_approval }\n    - { name: large, servers: [], limit: 60 a minute }\n";

    public static readonly IReadOnlyList<FoundPage> All =
    [
        new AnsweredPage("/servers/orders", "/refused/suspend", tab => SendAsync(tab, "/servers/orders", "form[action$='/suspend']", ("confirm", "order")), Unprocessable),
        new AnsweredPage("/people/new", "/refused/person", tab => SendAsync(tab, "/people/new", "main form", ("email", "nobody")), Unprocessable),
        new AnsweredPage("/register-client", "/refused/client", tab => SendAsync(tab, "/register-client", "main form", ("name", "A b"), ("keys", "none")), Unprocessable),
        new AnsweredPage("/new-policy", "/refused/policy", tab => SendAsync(tab, "/new-policy", "main form", ("text", Wrong)), Unprocessable),
        new AnsweredPage("/simulate", "/tried/call", tab => SendAsync(tab, "/simulate", "main form", ("server", "orders"), ("name", "add_order"), ("args", """{"customer": 1, "amount": 250}"""), ("agent", "release-bot")), 200),
        new AnsweredPage("/tokens/issue", "/refused/order", tab => SendAsync(tab, "/tokens/issue?kind=agent&agent=claude-code&preset=custom", "main form", ("grant", "A b"), ("expires", "soon")), Unprocessable),
        new FoundPage("/tokens/issue?kind=person&user=nobody", "/refused/holder", Unprocessable),
        new FoundPage("/sign-in?link=used", "/refused/link", Status: 401),
    ];

    /// <summary>What the browser itself would ask to be mended first is sent all the same.</summary>
    private static async Task<int> SendAsync(Tab tab, string address, string selector, params (string Name, string Value)[] fields)
    {
        await tab.GoAsync(address);
        var form = tab.Page.Locator(selector);
        await form.EvaluateAsync("form => { form.noValidate = true; }");
        foreach (var (name, value) in fields) await form.Locator($"[name={name}]").FillAsync(value);
        var status = (await tab.Page.RunAndWaitForResponseAsync(() => form.Locator("button[type=submit]").Last.ClickAsync(), answer => answer.Request.Method == "POST")).Status;
        await tab.Page.WaitForLoadStateAsync();
        return status;
    }
}
