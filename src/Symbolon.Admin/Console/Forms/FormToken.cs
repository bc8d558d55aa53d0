namespace Symbolon.Admin.Console.Forms;

/// <summary>The antiforgery token of one answer; its other half is in a cookie.</summary>
public sealed record FormToken(string Field, string Value);
