namespace Symbolon.Admin.Console.Forms;

/// <summary>Why a form was not done.</summary>
/// <param name="Action">Which form of the page, e.g. <c>suspend</c>.</param>
/// <param name="Field">The field that is wrong; null where it is not a field.</param>
/// <param name="Message">One or two sentences.</param>
public sealed record FormFault(string Action, string? Field, string Message)
{
    /// <summary>The message, where it is about this field of this form.</summary>
    public string? Of(string action, string field) => Action == action && Field == field ? Message : null;
}
